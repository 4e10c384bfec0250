using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Lungfish.DurableFunctions.Analyzers.Hazards;

/// <summary>Members that workflow code may not use by itself.</summary>
/// <remarks>
/// A type stands for those derived from it too. Members that only prepare something (a constructor of HttpClient, a
/// path) are not listed: harmless code must stay quiet, or the rules get switched off.
/// </remarks>
internal static class HazardTable
{
    public sealed record Row(DiagnosticDescriptor Rule, string Type, ImmutableArray<MemberPattern> Members);

    public static readonly ImmutableArray<Row> Rows =
    [
        .. Clock(),
        .. RandomValues(),
        .. NewIds(),
        .. Files(),
        .. Network(),
        .. Databases(),
        .. ProcessesAndConsole(),
        .. Environment(),
        .. Timers(),
        .. Concurrency(),
    ];

    private static Row Of(DiagnosticDescriptor rule, string type, params string[] members) =>
        new(rule, type, [.. members.Select(member => new MemberPattern(member))]);

    private static Row[] Clock() =>
    [
        Of(Rules.Clock, "System.DateTime", "Now", "UtcNow", "Today"),
        Of(Rules.Clock, "System.DateTimeOffset", "Now", "UtcNow"),
        Of(Rules.Clock, "System.TimeProvider", "GetUtcNow", "GetLocalNow", "GetTimestamp", "GetElapsedTime"),
        Of(
            Rules.Clock, "System.Diagnostics.Stopwatch",
            "StartNew", "Start", "Restart", "GetTimestamp", "GetElapsedTime", "Elapsed*"),
        Of(Rules.Clock, "System.Environment", "TickCount*"),
        // What is left until the deadline depends on the moment too.
        Of(Rules.Clock, "Lungfish.DurableFunctions.ILambdaContext", "RemainingTime"),
    ];

    private static Row[] RandomValues() =>
    [
        // With a seed, the values are the same on every replay. Instances from elsewhere: see HazardFinder.
        Of(Rules.Random, "System.Random", ".ctor()", "Shared"),
        Of(
            Rules.Random, "System.Security.Cryptography.RandomNumberGenerator",
            "Create", "Fill", "Get*", "Shuffle"),
        Of(Rules.Random, "System.Security.Cryptography.RNGCryptoServiceProvider", ".ctor"),
        // Seeded anew in every process.
        Of(Rules.Random, "System.String", "GetHashCode"),
        Of(Rules.Random, "System.HashCode", "Combine", "ToHashCode"),
    ];

    private static Row[] NewIds() =>
    [
        Of(Rules.NewId, "System.Guid", "NewGuid", "CreateVersion7"),
        Of(Rules.NewId, "System.IO.Path", "GetRandomFileName"),
        Of(Rules.NewId, "System.Ulid", "NewUlid"),
    ];

    private static Row[] Files() =>
    [
        Of(Rules.InputOutput, "System.IO.File", "*"),
        Of(Rules.InputOutput, "System.IO.Directory", "*"),
        Of(
            Rules.InputOutput, "System.IO.FileSystemInfo",
            "Exists", "Length", "Attributes", "Append*", "Copy*", "Creat*", "Delete", "Enumerate*", "Get*", "Last*",
            "Move*", "Open*", "Refresh", "Replace"),
        Of(Rules.InputOutput, "System.IO.DriveInfo", "*"),
        Of(Rules.InputOutput, "System.IO.FileSystemWatcher", ".ctor"),
        Of(Rules.InputOutput, "System.IO.FileStream", ".ctor", "Read*", "Write*", "CopyTo*", "Flush*"),
        Of(Rules.InputOutput, "System.IO.StreamReader", ".ctor(String)"),
        Of(Rules.InputOutput, "System.IO.StreamWriter", ".ctor(String)"),
        Of(Rules.InputOutput, "System.IO.RandomAccess", "*"),
        Of(Rules.InputOutput, "System.IO.Path", "GetTempFileName", "Exists"),
        Of(Rules.InputOutput, "System.IO.Compression.ZipFile", "*"),
        Of(Rules.InputOutput, "System.IO.MemoryMappedFiles.MemoryMappedFile", "*"),
    ];

    private static Row[] Network() =>
    [
        Of(
            Rules.InputOutput, "System.Net.Http.HttpMessageInvoker",
            "Delete*", "Get*", "Patch*", "Post*", "Put*", "Send*"),
        Of(Rules.InputOutput, "System.Net.Http.Json.HttpClientJsonExtensions", "*"),
        Of(Rules.InputOutput, "System.Net.WebClient", "Download*", "Upload*", "Open*"),
        Of(Rules.InputOutput, "System.Net.WebRequest", "GetResponse*", "GetRequestStream*"),
        Of(Rules.InputOutput, "System.Net.HttpListener", "Start", "GetContext*"),
        Of(Rules.InputOutput, "System.Net.Dns", "Get*", "Resolve"),
        Of(Rules.InputOutput, "System.Net.NetworkInformation.Ping", "Send*"),
        Of(Rules.InputOutput, "System.Net.Mail.SmtpClient", "Send*"),
        Of(
            Rules.InputOutput, "System.Net.Sockets.Socket",
            "Accept*", "Bind", "Connect*", "Disconnect*", "Listen", "Poll", "Receive*", "Select", "Send*"),
        Of(Rules.InputOutput, "System.Net.Sockets.TcpClient", ".ctor(String)", "Connect*"),
        Of(Rules.InputOutput, "System.Net.Sockets.TcpListener", "Accept*", "Start"),
        Of(Rules.InputOutput, "System.Net.Sockets.UdpClient", "Connect", "Receive*", "Send*"),
        Of(Rules.InputOutput, "System.Net.Sockets.NetworkStream", "Read*", "Write*", "CopyTo*", "Flush*"),
        Of(Rules.InputOutput, "System.Net.Security.SslStream", "AuthenticateAs*", "Read*", "Write*", "CopyTo*"),
        Of(Rules.InputOutput, "System.Net.WebSockets.WebSocket", "Close*", "Connect*", "Receive*", "Send*"),
        Of(Rules.InputOutput, "System.IO.Pipes.PipeStream", "Connect*", "Read*", "Write*", "WaitForConnection*"),
        Of(Rules.InputOutput, "Grpc.Core.CallInvoker", "*"),
        Of(Rules.InputOutput, "Grpc.Core.ClientBase", "*"),
        // Every client of the AWS SDK: by its class or by its interface.
        Of(Rules.InputOutput, "Amazon.Runtime.AmazonServiceClient", "*Async"),
        Of(Rules.InputOutput, "Amazon.Runtime.IAmazonService", "*Async"),
    ];

    private static Row[] Databases() =>
    [
        Of(
            Rules.InputOutput, "System.Data.Common.DbConnection",
            "Open*", "Close*", "BeginTransaction*", "ChangeDatabase*", "GetSchema*", "EnlistTransaction"),
        Of(Rules.InputOutput, "System.Data.Common.DbCommand", "Execute*", "Prepare*"),
        Of(Rules.InputOutput, "System.Data.Common.DbBatch", "Execute*", "Prepare*"),
        Of(Rules.InputOutput, "System.Data.Common.DbDataReader", "Read*", "NextResult*", "GetFieldValueAsync"),
        Of(Rules.InputOutput, "System.Data.Common.DbTransaction", "Commit*", "Rollback*", "Save*"),
        Of(Rules.InputOutput, "System.Data.Common.DbDataSource", "OpenConnection*"),
        Of(Rules.InputOutput, "System.Data.Common.DataAdapter", "Fill*", "Update*"),
        Of(Rules.InputOutput, "System.Data.IDbConnection", "Open", "Close", "BeginTransaction", "ChangeDatabase"),
        Of(Rules.InputOutput, "System.Data.IDbCommand", "Execute*", "Prepare"),
        Of(Rules.InputOutput, "System.Data.IDbTransaction", "Commit", "Rollback"),
        Of(Rules.InputOutput, "Dapper.SqlMapper", "Query*", "Execute*"),
        Of(Rules.InputOutput, "Microsoft.EntityFrameworkCore.DbContext", "SaveChanges*", "Find*"),
        Of(Rules.InputOutput, "Microsoft.EntityFrameworkCore.DbSet`1", "Find*"),
        Of(Rules.InputOutput, "Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions", "*Async", "Load"),
        Of(Rules.InputOutput, "StackExchange.Redis.IDatabaseAsync", "*Async"),
    ];

    private static Row[] ProcessesAndConsole() =>
    [
        Of(Rules.InputOutput, "System.Diagnostics.Process", "Start", "Kill", "WaitFor*", "GetProcess*"),
        Of(Rules.InputOutput, "System.Console", "Read*", "In", "KeyAvailable", "OpenStandardInput"),
    ];

    private static Row[] Environment() =>
    [
        Of(
            Rules.Environment, "System.Environment",
            "GetEnvironmentVariable*", "ExpandEnvironmentVariables", "GetCommandLineArgs", "CommandLine",
            "CurrentDirectory", "CurrentManagedThreadId", "GetFolderPath", "MachineName", "OSVersion", "ProcessId",
            "ProcessPath", "ProcessorCount", "SystemDirectory", "UserName", "UserDomainName", "WorkingSet"),
        Of(Rules.Environment, "System.Diagnostics.Process", "GetCurrentProcess"),
        Of(Rules.Environment, "System.IO.Path", "GetTempPath"),
        Of(Rules.Environment, "System.TimeZoneInfo", "Local"),
        Of(Rules.Environment, "System.GC", "GetTotalMemory", "GetTotalAllocatedBytes", "CollectionCount"),
    ];

    private static Row[] Timers() =>
    [
        Of(Rules.Timer, "System.Threading.Tasks.Task", "Delay", "WaitAsync(TimeSpan)"),
        Of(Rules.Timer, "System.Threading.Tasks.TimeProviderTaskExtensions", "*"),
        Of(Rules.Timer, "System.TimeProvider", "CreateTimer"),
        Of(Rules.Timer, "System.Threading.Thread", "Sleep", "SpinWait"),
        Of(Rules.Timer, "System.Threading.SpinWait", "SpinUntil(TimeSpan)", "SpinUntil(Int32)"),
        Of(Rules.Timer, "System.Threading.Timer", ".ctor"),
        Of(Rules.Timer, "System.Threading.PeriodicTimer", ".ctor"),
        Of(Rules.Timer, "System.Timers.Timer", ".ctor"),
        Of(
            Rules.Timer, "System.Threading.CancellationTokenSource",
            ".ctor(TimeSpan)", ".ctor(Int32)", "CancelAfter"),
    ];

    private static Row[] Concurrency() =>
    [
        Of(
            Rules.Concurrency, "System.Threading.Tasks.Task",
            "Run", "WhenAny", "WhenEach", "WaitAny", "WaitAll", "ContinueWith"),
        Of(Rules.Concurrency, "System.Threading.Tasks.TaskFactory", "StartNew", "ContinueWhen*"),
        Of(Rules.Concurrency, "System.Threading.Tasks.TaskFactory`1", "StartNew", "ContinueWhen*"),
        Of(Rules.Concurrency, "System.Threading.Tasks.Parallel", "*"),
        Of(Rules.Concurrency, "System.Linq.ParallelEnumerable", "AsParallel"),
        Of(Rules.Concurrency, "System.Threading.ThreadPool", "*QueueUserWorkItem", "UnsafeQueue*"),
        Of(Rules.Concurrency, "System.Threading.Thread", ".ctor", "Start"),
    ];
}

using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Lungfish.Cli.CommandLine;
using Lungfish.Cli.Rendering;
using Lungfish.Cli.Settings;
using Lungfish.Json;

namespace Lungfish.Cli.Commands;

/// <summary>Looks at this machine and says what works here.</summary>
internal static class DoctorCommand
{
    private static readonly IReadOnlyList<Program> Programs =
    [
        new("python", ["python3", "python"], "for Python functions: install Python 3.9 or later"),
        new("node", ["node"], "for Node functions: install Node.js 18 or later"),
        new("dotnet", ["dotnet"], "for .NET functions: install the .NET SDK"),
        new("aws", ["aws"], "optional: the AWS command line works with this server"),
    ];

    private sealed record Program(string Name, IReadOnlyList<string> Commands, string Advice);

    public static Command Create(Surroundings surroundings)
    {
        var command = new DocumentedCommand("doctor", "Checks this machine: libraries, interpreters, data, server.")
        {
            Examples = ["lungfish doctor", "lungfish doctor --config lungfish.yml", "lungfish doctor -o json"],
            Options = { ServerSettings.DataOption, ServerSettings.ConfigOption },
        };
        command.Runs(surroundings, async (context, cancellationToken) =>
        {
            var checks = new List<Check> { new("lungfish", true, Versions.Own, ""), FindSqlite() };
            foreach (var program in Programs)
            {
                checks.Add(await FindAsync(program, cancellationToken));
            }

            checks.Add(await FindSandboxAsync(cancellationToken));
            var settings = await ServerSettings.ReadAsync(context, cancellationToken);
            checks.Add(CheckData(settings.Data ?? ServerSettings.UsualData));
            context.UsualEndpoint = settings.Urls is [var url, ..] ? url : context.UsualEndpoint;
            checks.AddRange(await CheckServerAsync(context, cancellationToken));
            var output = context.Output;
            var table = new Table<Check>(
                new("CHECK", c => c.Name),
                new("", Mark, c => c.Ok ? Style.Good : Style.Waiting),
                new("FOUND", c => c.Found),
                new("", c => c.Advice, _ => Style.Dim));
            output.List(checks, c => c.ToJson(), c => c.Name, table, "");
            return checks.TrueForAll(c => c.Ok || !c.IsNeeded) ? ExitCode.Ok : ExitCode.Failed;

            string Mark(Check check) => (check.Ok, output.Glyphs) switch
            {
                (true, true) => "✓",
                (true, false) => "ok",
                (false, true) => "–",
                _ => "no",
            };
        });
        return command;
    }

    private sealed record Check(string Name, bool Ok, string Found, string Advice, bool IsNeeded = false)
    {
        public JsonObject ToJson() => JsonObject.Of(("check", Name), ("ok", Ok), ("found", Found), ("advice", Advice));
    }

    private static Check FindSqlite()
    {
        foreach (var name in (string[])["libsqlite3.so.0", "libsqlite3.dylib", "winsqlite3", "sqlite3"])
        {
            if (NativeLibrary.TryLoad(name, out var library))
            {
                var version = NativeLibrary.TryGetExport(library, "sqlite3_libversion", out var function)
                    ? Marshal.PtrToStringUTF8(Marshal.GetDelegateForFunctionPointer<LibraryVersion>(function)())
                    : null;
                return new Check("sqlite", true, $"{version} ({name})", "", IsNeeded: true);
            }
        }

        return new Check("sqlite", false, "no library", "install SQLite: apt install libsqlite3-0", IsNeeded: true);
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nint LibraryVersion();

    private static async Task<Check> FindAsync(Program program, CancellationToken cancellationToken)
    {
        foreach (var command in program.Commands)
        {
            if (await VersionOfAsync(command, cancellationToken) is { } version)
            {
                return new Check(program.Name, true, version, "");
            }
        }

        return new Check(program.Name, false, "not found", program.Advice);
    }

    private static async Task<string?> VersionOfAsync(string program, CancellationToken cancellationToken)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, "--version")
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            });
            if (process is null)
            {
                return null;
            }

            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? output.Split('\n')[0].Trim() : null;
        }
        catch (Win32Exception)
        {
            return null; // There is no such program.
        }
    }

    /// <summary>How far functions are kept apart: see docs/limits.md.</summary>
    private static async Task<Check> FindSandboxAsync(CancellationToken cancellationToken)
    {
        const string Name = "sandbox";
        if (!OperatingSystem.IsLinux())
        {
            return new Check(Name, false, "level 0: time limits only", "on Linux memory and processes are watched too");
        }

        return await VersionOfAsync("setpriv", cancellationToken) is not null
            && await VersionOfAsync("setsid", cancellationToken) is not null
            ? new Check(Name, true, "level 0: memory, processes and time are watched, no new privileges", "")
            : new Check(
                Name,
                false,
                "level 0: memory and time are watched",
                "install util-linux: setsid and setpriv end what functions start");
    }

    private static Check CheckData(string directory)
    {
        var path = Path.GetFullPath(directory);
        if (!Directory.Exists(path))
        {
            return new Check("data", true, $"{ServerStart.Relative(path)} (will be made)", "");
        }

        var bytes = new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
        return new Check("data", true, $"{ServerStart.Relative(path)} ({bytes / 1024.0 / 1024.0:0.0} MB)", "");
    }

    private static async Task<IReadOnlyList<Check>> CheckServerAsync(
        CommandContext context, CancellationToken cancellationToken)
    {
        var endpoint = context.Endpoint.ToString().TrimEnd('/');
        try
        {
            var info = await context.Client.InfoAsync(cancellationToken);
            var version = (info["version"] as JsonString)?.Value;
            var server = new Check("server", true, $"{endpoint} (Lungfish {version})", "");
            return [server, .. FindTrouble(info)];
        }
        catch (CommandException e)
        {
            return [new Check("server", false, endpoint, e.Message)];
        }
    }

    /// <summary>What the server says that it cannot do.</summary>
    private static IEnumerable<Check> FindTrouble(JsonObject info)
    {
        if ((info["trouble"] as JsonString)?.Value is { } trouble)
        {
            yield return new Check("disk", false, trouble, "make room: the server then goes on by itself", true);
        }

        foreach (var execution in (info["setAside"] as JsonArray)?.OfType<JsonObject>() ?? [])
        {
            yield return new Check(
                "set aside",
                false,
                $"{(execution["executionArn"] as JsonString)?.Value}: {(execution["reason"] as JsonString)?.Value}",
                "a restart tries it again; docs/operations.md says what else can be done",
                IsNeeded: true);
        }
    }
}

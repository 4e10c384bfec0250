using System.Collections.Immutable;
using System.Globalization;
using Lungfish.Functions.Code;
using Lungfish.Functions.Processes;

namespace Lungfish.Functions.Runtimes;

/// <summary>Says how a function's process is started.</summary>
internal sealed class RuntimeLauncher(
    FunctionOptions options, CodeStore code, Interpreters interpreters, BootstrapFiles bootstraps)
{
    private const string HomeName = "LUNGFISH_FUNCTIONS";
    private const string EnvironmentName = "LUNGFISH_ENVIRONMENT";

    /// <summary>Is in the environment of every process of a server's functions, and of what they start.</summary>
    public static string HomeVariable(FunctionOptions options) => $"{HomeName}={options.Directory}";

    /// <summary>Is in the environment of one function process, and of what it starts.</summary>
    public static string EnvironmentVariable(string environmentId) => $"{EnvironmentName}={environmentId}";

    /// <param name="function">The version.</param>
    /// <param name="environmentId">32 hexadecimal digits that name the process's log stream.</param>
    /// <param name="runtimeApiPort">Of this process alone.</param>
    /// <exception cref="Lungfish.Engine.ApiException">The machine cannot run this function.</exception>
    public async Task<Launch> PrepareAsync(FunctionConfiguration function, string environmentId, int runtimeApiPort)
    {
        var folder = await code.GetFolderAsync(function.Code, CancellationToken.None);
        var family = RuntimeName.FamilyOf(function.Runtime);
        var (program, arguments) = family switch
        {
            RuntimeFamily.Provided => Bootstrap(function, folder),
            RuntimeFamily.Dotnet => await DotnetAsync(function, folder),
            _ => await InterpreterAsync(function, family, folder),
        };
        const int FilesMax = 1024; // Documented: file descriptors of an execution environment.
        return new Launch(
            program,
            arguments,
            folder,
            VariablesOf(function, folder, environmentId, runtimeApiPort),
            FilesMax + ProcessConcurrency.Of(function)); // One for each connection to the Runtime API.
    }

    private async Task<(string Program, string[] Arguments)> InterpreterAsync(
        FunctionConfiguration function, RuntimeFamily family, string folder)
    {
        var interpreter = await interpreters.GetAsync(function.Runtime, family, folder);
        return family == RuntimeFamily.Python
            ? (interpreter.Path, [bootstraps.PathOf("bootstrap.py")])
            : (interpreter.Path, [bootstraps.PathOf("bootstrap.cjs")]);
    }

    /// <summary>An executable speaks the Runtime API by itself; a class library is run by our host.</summary>
    private async Task<(string Program, string[] Arguments)> DotnetAsync(FunctionConfiguration function, string folder)
    {
        var name = function.Handler.Split("::")[0];
        var executable = Path.Combine(folder, name);
        if (!function.Handler.Contains("::", StringComparison.Ordinal) && File.Exists(executable))
        {
            return (executable, []); // Published for this machine, or compiled ahead of time.
        }

        var library = executable + ".dll";
        if (!File.Exists(library))
        {
            throw LambdaErrors.RuntimeMissing(
                $"The handler {function.Handler} of {function.Name} needs the file {name} or {name}.dll, "
                + "and there is none.");
        }

        var dotnet = await interpreters.GetAsync(function.Runtime, RuntimeFamily.Dotnet, folder);
        var own = Path.Combine(folder, name + ".runtimeconfig.json");
        var configuration = File.Exists(own) ? own : bootstraps.PathOf("Lungfish.FunctionHost.runtimeconfig.json");
        return (dotnet.Path, function.Handler.Contains("::", StringComparison.Ordinal)
            ? ["exec", "--roll-forward", "LatestMajor", "--runtimeconfig", configuration,
                bootstraps.PathOf("Lungfish.FunctionHost.dll")]
            : ["exec", "--roll-forward", "LatestMajor", library]);
    }

    private static (string Program, string[] Arguments) Bootstrap(FunctionConfiguration function, string folder)
    {
        var bootstrap = Path.Combine(folder, "bootstrap");
        return File.Exists(bootstrap)
            ? (bootstrap, [])
            : throw LambdaErrors.RuntimeMissing(
                $"The runtime {function.Runtime} runs an executable file named bootstrap, "
                + $"and {function.Name} has none.");
    }

    private Dictionary<string, string> VariablesOf(
        FunctionConfiguration function, string folder, string environmentId, int runtimeApiPort)
    {
        var temporary = Path.Combine(options.Directory, "tmp");
        _ = Directory.CreateDirectory(temporary);
        var group = $"/aws/lambda/{function.Name}";
        var endpoint = options.Endpoint.GetLeftPart(UriPartial.Authority);
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin",
            ["LANG"] = "C.UTF-8",
            ["TZ"] = ":UTC",
            ["TMPDIR"] = temporary,
            ["AWS_ENDPOINT_URL"] = endpoint,
            // Documented: it wins over the other one, which a function may set to reach a service of its own. Durable
            // execution SDKs make their client with no other way to find this server.
            ["AWS_ENDPOINT_URL_LAMBDA"] = endpoint,
            ["AWS_REGION"] = options.Account.Region,
            ["AWS_DEFAULT_REGION"] = options.Account.Region,
            ["AWS_ACCESS_KEY_ID"] = "lungfish",
            ["AWS_SECRET_ACCESS_KEY"] = "lungfish",
            ["AWS_SESSION_TOKEN"] = "lungfish",
            // The developer's own profiles and keys are none of the function's business.
            ["AWS_CONFIG_FILE"] = "/dev/null",
            ["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null",
            ["AWS_EC2_METADATA_DISABLED"] = "true",
            ["AWS_EXECUTION_ENV"] = $"AWS_Lambda_{function.Runtime}",
            // A process runs one invocation at a time on a machine full of others: threads that spin for more work take
            // the time that another process needs, and code that counts itself to be compiled better pays late.
            ["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0",
            ["DOTNET_TieredPGO"] = "0",
            ["PYTHONPYCACHEPREFIX"] = Path.Combine(temporary, "pycache"),
        };
        foreach (var name in (string[])["HOME", "DOTNET_ROOT"])
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
            {
                variables[name] = value;
            }
        }

        // The function's own variables win over these defaults, but not over what the Runtime API relies on.
        foreach (var (name, value) in function.Environment ?? ImmutableSortedDictionary<string, string>.Empty)
        {
            variables[name] = value;
        }

        variables[HomeName] = options.Directory;
        variables[EnvironmentName] = environmentId;
        variables["AWS_LAMBDA_RUNTIME_API"] =
            string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{runtimeApiPort}");
        var concurrency = ProcessConcurrency.Of(function);
        // What this one can do beyond Lambda's: see RuntimeApi.
        variables["LUNGFISH_RUNTIME_API"] = "answer-next channel";
        if (options.TakesUnsignedCalls)
        {
            // Whoever calls that address knows that it is this server, and may do without what other ones need.
            variables["LUNGFISH_ENDPOINT"] = endpoint;
        }

        variables["AWS_LAMBDA_FUNCTION_NAME"] = function.Name;
        variables["AWS_LAMBDA_FUNCTION_VERSION"] = function.Version;
        variables["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = function.MemorySizeMb.ToString(CultureInfo.InvariantCulture);
        variables["AWS_LAMBDA_INITIALIZATION_TYPE"] =
            function.CapacityProvider is null ? "on-demand" : "lambda-managed-instances";
        if (concurrency > 1)
        {
            // Runtimes take it for leave to ask for that many invocations at once.
            variables["AWS_LAMBDA_MAX_CONCURRENCY"] = concurrency.ToString(CultureInfo.InvariantCulture);
        }

        variables["AWS_LAMBDA_LOG_GROUP_NAME"] = group;
        variables["AWS_LAMBDA_LOG_STREAM_NAME"] = $"[{function.Version}]{environmentId}";
        variables["LAMBDA_TASK_ROOT"] = folder;
        variables["LAMBDA_RUNTIME_DIR"] = Path.GetDirectoryName(bootstraps.PathOf("bootstrap.py")) ?? folder;
        variables["_HANDLER"] = function.Handler;
        foreach (var (name, value) in LoggingVariables.Of(function.Inert))
        {
            variables[name] = value;
        }

        return variables;
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Lungfish.Functions.Runtimes;

/// <summary>Finds the programs that run functions on this machine, and asks each once what it is. What is missing is
/// looked for again: somebody may have installed it.</summary>
internal sealed partial class Interpreters(FunctionOptions options, ILogger logger)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<Interpreter>>> _found = new(StringComparer.Ordinal);

    public async Task<Interpreter> GetAsync(string runtime, RuntimeFamily family, string codeFolder)
    {
        // A developer's virtual environment has what the function imports.
        var own = Path.Combine(codeFolder, ".venv", "bin", "python");
        var key = family == RuntimeFamily.Python && File.Exists(own) ? own : runtime;
        var found = _found.GetOrAdd(key, _ => new(() => FindAsync(runtime, family, key)));
        try
        {
            return await found.Value;
        }
        catch
        {
            _ = _found.TryRemove(new(key, found));
            throw;
        }
    }

    private async Task<Interpreter> FindAsync(string runtime, RuntimeFamily family, string key)
    {
        string[] candidates = family switch
        {
            RuntimeFamily.Python when Path.IsPathRooted(key) => [key],
            RuntimeFamily.Python => [.. Chosen("python"), runtime, "python3"],
            RuntimeFamily.Node => [.. Chosen("node"), "node"],
            _ => [.. Chosen("dotnet"), "dotnet"],
        };
        string? whatFailed = null;
        foreach (var candidate in candidates)
        {
            var (interpreter, failure) = await AskAsync(candidate, family);
            if (interpreter is not null)
            {
                WarnIfOther(runtime, family, interpreter);
                return interpreter;
            }

            whatFailed ??= failure;
        }

        throw LambdaErrors.RuntimeMissing(whatFailed is null
            ? WhatToInstall(runtime, family)
            : $"The runtime {runtime} cannot be used: {whatFailed}");
    }

    private IEnumerable<string> Chosen(string name) =>
        options.Interpreters.TryGetValue(name, out var path) ? [path] : [];

    /// <summary>Runs the program: it may be a shim that would cost its time at each start of a function.</summary>
    /// <returns>What it is; or how it failed; or neither, if it is not there.</returns>
    private static async Task<(Interpreter? Interpreter, string? Failure)> AskAsync(
        string program, RuntimeFamily family)
    {
        string[] question = family switch
        {
            RuntimeFamily.Python => ["-c", "import sys; print(sys.executable); print('%d.%d' % sys.version_info[:2])"],
            RuntimeFamily.Node => ["-p", "process.execPath + '\\n' + process.versions.node"],
            _ => ["--version"],
        };
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, question)
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
                RedirectStandardError = true,
                RedirectStandardInput = true,
            });
            if (process is null)
            {
                return default;
            }

            var complaint = process.StandardError.ReadToEndAsync();
            var answer = (await process.StandardOutput.ReadToEndAsync()).Trim();
            await process.WaitForExitAsync();
            return process.ExitCode != 0
                ? (null, $"{program} ended with status {process.ExitCode} when it was asked for its version, and said: "
                    + Excerpt(await complaint))
                : answer.Split('\n') switch
                {
                    [var path, var version] => (new Interpreter(path.Trim(), version.Trim()), null),
                    [var version] => (new Interpreter(program, version), null),
                    _ => (null, $"{program} gave no version when it was asked for it, but: {Excerpt(answer)}"),
                };
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return default;
        }
    }

    private static string Excerpt(string text) => text.Trim() is { Length: > 200 } all ? all[..200] + "…" : text.Trim();

    private void WarnIfOther(string runtime, RuntimeFamily family, Interpreter interpreter)
    {
        var same = family switch
        {
            RuntimeFamily.Python => runtime == $"python{interpreter.Version}",
            RuntimeFamily.Node => runtime == $"nodejs{interpreter.Version.Split('.')[0]}.x",
            _ => true, // An SDK runs what was built for older versions, or says what it misses.
        };
        if (!same)
        {
            LogOtherVersion(logger, runtime, interpreter.Path, interpreter.Version);
        }
    }

    private static string WhatToInstall(string runtime, RuntimeFamily family) => family switch
    {
        RuntimeFamily.Python =>
            $"The runtime {runtime} needs Python 3, and there is no python3 on PATH. Install it (Debian, Ubuntu: "
            + "apt install python3; macOS: brew install python).",
        RuntimeFamily.Node =>
            $"The runtime {runtime} needs Node.js, and there is no node on PATH. Install it (Debian, Ubuntu: "
            + "apt install nodejs; macOS: brew install node).",
        _ => $"The runtime {runtime} needs .NET, and there is no dotnet on PATH. Install it (Debian, Ubuntu: "
            + "apt install dotnet-runtime-10.0; macOS: brew install dotnet).",
    };

    [LoggerMessage(
        2010, LogLevel.Warning, "Runtime {Runtime} is not on this machine: {Path} (version {Version}) is used.")]
    private static partial void LogOtherVersion(ILogger logger, string runtime, string path, string version);
}

internal sealed record Interpreter(string Path, string Version);

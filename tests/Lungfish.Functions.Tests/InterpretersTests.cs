using Lungfish.Engine;
using Lungfish.Functions.Runtimes;
using Lungfish.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lungfish.Functions.Tests;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class InterpretersTests
{
    [Fact]
    public async Task Get_InterpreterFails_SaysHowAndFindsItWhenItIsMended()
    {
        using var folder = new TemporaryFolder();
        var options = new FunctionOptions { Directory = folder.Path, Endpoint = new Uri("http://127.0.0.1:9/") };
        var interpreters = new Interpreters(options, NullLogger.Instance);
        Task<Interpreter> GetAsync() => interpreters.GetAsync("python3.12", RuntimeFamily.Python, folder.Path);

        Install("echo 'no module named encodings' >&2; exit 3");
        var refusal = await Assert.ThrowsAsync<ApiException>(GetAsync);
        Assert.Contains(
            "bin/python ended with status 3 when it was asked for its version, and said: no module named encodings",
            refusal.Message,
            StringComparison.Ordinal);
        Install("exec python3 \"$@\"");

        Assert.StartsWith("3.", (await GetAsync()).Version, StringComparison.Ordinal);

        void Install(string script)
        {
            var python = Path.Combine(folder.Path, ".venv", "bin", "python");
            Directory.CreateDirectory(Path.GetDirectoryName(python) ?? "");
            File.WriteAllText(python, $"#!/bin/sh\n{script}\n");
            File.SetUnixFileMode(python, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}

using System.ComponentModel;
using System.Diagnostics;
using Lungfish.Cli.Rendering;
using Lungfish.Deployment;
using Lungfish.Deployment.Packaging;

namespace Lungfish.Cli.Dev;

/// <summary>Turns what people write into packages: what a project needs of npm is installed, .NET projects are
/// published.</summary>
/// <param name="folder">Of the application.</param>
/// <param name="dataDirectory">Where builds may be put; no code of the application, even if it lies within.</param>
internal sealed class CodeBuild(string folder, string dataDirectory, Output output)
{
    private readonly Dictionary<string, byte[]> _packed = new(StringComparer.Ordinal);

    /// <returns>A zip; the same code gives the same bytes.</returns>
    /// <exception cref="DeploymentException">It cannot be built, or a file cannot be read.</exception>
    public async Task<byte[]> PackAsync(
        FunctionResource function, string fileName, CancellationToken cancellationToken)
    {
        switch (function.Code)
        {
            case InlineCode inline:
                return CodeArchive.PackText(inline.FileName, inline.Text);
            case ArchiveCode archive:
                return await File.ReadAllBytesAsync(Path.Combine(folder, archive.File), cancellationToken);
            case FolderCode code:
                // What is built of a folder depends on the language.
                var key = string.Join(
                    '\n',
                    code.Patterns.Patterns.Prepend(
                        $"{code.Folder}\n{code.IsSource}\n{IsNode(function)}\n{MayBeDotnet(function)}"));
                if (!_packed.TryGetValue(key, out var zip))
                {
                    _packed[key] = zip = await PackAsync(function, code, fileName, cancellationToken);
                }

                return zip;
            default:
                throw new UnreachableException($"No package of {function.Code.GetType().Name}.");
        }
    }

    private async Task<byte[]> PackAsync(
        FunctionResource function, FolderCode code, string fileName, CancellationToken cancellationToken)
    {
        var source = Path.GetFullPath(Path.Combine(folder, code.Folder));
        if (!Directory.Exists(source))
        {
            throw Refuse(function, fileName, $"there is no folder {source}", "Mend the path.");
        }

        if (!code.IsSource)
        {
            return Pack(function, fileName, source, code.Patterns);
        }

        var project = MayBeDotnet(function)
            ? Directory.EnumerateFiles(source, "*.csproj").Order(StringComparer.Ordinal).FirstOrDefault()
            : null;
        if (project is not null)
        {
            var published = Path.Combine(dataDirectory, "build", function.Name);
            await RunAsync(
                function, fileName, source, "dotnet",
                ["publish", project, "-c", "Release", "-o", published, "-v", "quiet", "-nologo"], cancellationToken);
            return Pack(function, fileName, published, PackagePatterns.Everything);
        }

        if (IsNode(function) && NeedsNodePackages(function, fileName, source))
        {
            var hasLock = File.Exists(Path.Combine(source, "package-lock.json"));
            await RunAsync(
                function, fileName, source, "npm",
                [hasLock ? "ci" : "install", "--omit=dev", "--no-audit", "--no-fund"], cancellationToken);
        }

        return Pack(function, fileName, source, code.Patterns);
    }

    private byte[] Pack(FunctionResource function, string fileName, string source, PackagePatterns patterns)
    {
        try
        {
            return CodeArchive.Pack(source, patterns.Without(Path.GetRelativePath(source, dataDirectory)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refuse(
                function,
                fileName,
                $"its code cannot be read: {e.Message}",
                "Make it readable, or leave the file out.");
        }
    }

    /// <summary>A package.json beside functions of another language is that of tools, such as the Serverless
    /// Framework.</summary>
    private static bool IsNode(FunctionResource function) =>
        function.Runtime.StartsWith("nodejs", StringComparison.Ordinal);

    private static bool MayBeDotnet(FunctionResource function) =>
        function.Runtime.StartsWith("dotnet", StringComparison.Ordinal)
        || function.Runtime.StartsWith("provided", StringComparison.Ordinal);

    /// <summary>npm notes what it has installed in a file of its own.</summary>
    private static bool NeedsNodePackages(FunctionResource function, string fileName, string source)
    {
        var wanted = new FileInfo(Path.Combine(source, "package-lock.json"));
        if (!wanted.Exists)
        {
            wanted = new FileInfo(Path.Combine(source, "package.json"));
        }

        var installed = new FileInfo(Path.Combine(source, "node_modules", ".package-lock.json"));
        return wanted.Exists && (!installed.Exists || installed.LastWriteTimeUtc < wanted.LastWriteTimeUtc)
            && HasDependencies(function, fileName, Path.Combine(source, "package.json"));
    }

    private static bool HasDependencies(FunctionResource function, string fileName, string file)
    {
        try
        {
            return File.Exists(file)
                && Json.JsonValue.Parse(File.ReadAllText(file)) is Json.JsonObject package
                && package["dependencies"] is Json.JsonObject { Count: > 0 };
        }
        catch (Json.JsonParseException e)
        {
            var problem = $"{file} is no JSON (line {e.Line}, column {e.Column})";
            throw Refuse(function, fileName, problem, "Mend it, and save it again.");
        }
    }

    private async Task RunAsync(
        FunctionResource function,
        string fileName,
        string source,
        string program,
        string[] arguments,
        CancellationToken cancellationToken)
    {
        output.Say($"{program} {arguments[0]} in {Path.GetRelativePath(Environment.CurrentDirectory, source)} ...");
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = source,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1"; // Nothing of the build outlives it.
        try
        {
            using var process = Process.Start(start)
                ?? throw Refuse(function, fileName, $"{program} did not start", $"Install {program}.");
            process.StandardInput.Close();
            var said = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var complained = process.StandardError.ReadToEndAsync(cancellationToken);
            try
            {
                await process.WaitForExitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }

            if (process.ExitCode != 0)
            {
                var reason = FirstError(await said + await complained);
                throw Refuse(function, fileName, $"{program} {arguments[0]} failed: {reason}", "Mend the code.");
            }
        }
        catch (Win32Exception)
        {
            throw Refuse(function, fileName, $"{program} is not on the PATH", $"Install {program}.");
        }
    }

    private static string FirstError(string text)
    {
        var lines = text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0).ToList();

        // npm begins with a code; what was wrong comes after it.
        return lines.Find(line => line.Contains("error", StringComparison.OrdinalIgnoreCase)
                && !line.StartsWith("npm error code", StringComparison.Ordinal))
            ?? lines.LastOrDefault() ?? "it said nothing";
    }

    private static DeploymentException Refuse(
        FunctionResource function, string fileName, string message, string whatToDo) =>
        new(fileName, [new Problem(function.Mark, function.Key, message, whatToDo)]);
}

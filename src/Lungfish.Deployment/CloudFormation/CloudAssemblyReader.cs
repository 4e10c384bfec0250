using Lungfish.Deployment.Documents;
using Lungfish.Json;

namespace Lungfish.Deployment.CloudFormation;

/// <summary>Reads what <c>cdk synth</c> has written: the stacks of a cloud assembly, with their assets.</summary>
public static class CloudAssemblyReader
{
    // Files that name each other, or themselves, would go on for ever; no application has a tenth of these.
    private const int AssembliesMax = 100;
    private const int StacksMax = 1_000;

    /// <param name="folder">That of the assembly, relative to the application's; empty for the same.</param>
    /// <param name="readFile">Reads a text file, by its path from the application's folder.</param>
    /// <exception cref="DeploymentException">A stack asks for something that is wrong or not read yet.</exception>
    public static Application Read(string folder, Func<string, string?> readFile, ReadOptions options)
    {
        var stacks = new List<Application>();
        var assemblies = 0;
        ReadAssembly(folder, readFile, options, stacks, ref assemblies);
        if (stacks.Count == 0)
        {
            throw Refuse(Path.Combine(folder, "manifest.json"), "there is no stack in it", "Run cdk synth.");
        }

        return new Application
        {
            FileName = Path.Combine(folder, "manifest.json"),
            Name = string.Join(", ", stacks.Select(s => s.Name)),
            Functions = [.. stacks.SelectMany(s => s.Functions)],
            Versions = [.. stacks.SelectMany(s => s.Versions)],
            Aliases = [.. stacks.SelectMany(s => s.Aliases)],
            StateMachines = [.. stacks.SelectMany(s => s.StateMachines)],
            Activities = [.. stacks.SelectMany(s => s.Activities)],
            AcceptedOnly = [.. stacks.SelectMany(s => s.AcceptedOnly).Distinct()],
            Outputs = [.. stacks.SelectMany(s => s.Outputs)],
        };
    }

    /// <summary>Where the first stack of a known place is to be: <c>aws://ACCOUNT/REGION</c>.</summary>
    public static (string? AccountId, string? Region) FindPlace(string folder, Func<string, string?> readFile)
    {
        foreach (var (_, artifact) in Members(ReadJson(Path.Combine(folder, "manifest.json"), readFile), "artifacts"))
        {
            if (artifact is JsonObject stack && Text(stack, "type") == "aws:cloudformation:stack"
                && Text(stack, "environment")?.Split('/') is [_, _, var account, var region])
            {
                return (Known(account), Known(region));
            }
        }

        return (null, null);

        static string? Known(string part) => part.StartsWith("unknown-", StringComparison.Ordinal) ? null : part;
    }

    private static void ReadAssembly(
        string folder,
        Func<string, string?> readFile,
        ReadOptions options,
        List<Application> stacks,
        ref int assemblies)
    {
        if (++assemblies > AssembliesMax)
        {
            throw Refuse(
                Path.Combine(folder, "manifest.json"),
                $"there are more than {AssembliesMax} assemblies, or one holds itself", "Run cdk synth.");
        }

        var artifacts = Members(ReadJson(Path.Combine(folder, "manifest.json"), readFile), "artifacts");
        var assets = ReadAssets(folder, artifacts, readFile);
        foreach (var (id, artifact) in InOrder(artifacts))
        {
            var properties = Members(artifact, "properties");
            switch (Text(artifact, "type"))
            {
                case "cdk:cloud-assembly": // A stage: an assembly inside of this one.
                    var inner = Path.Combine(folder, Text(properties, "directoryName") ?? "");
                    ReadAssembly(inner, readFile, options, stacks, ref assemblies);
                    break;
                case "aws:cloudformation:stack":
                    var file = Path.Combine(folder, Text(properties, "templateFile") ?? "");
                    if (stacks.Count == StacksMax)
                    {
                        throw Refuse(file, $"there are more than {StacksMax} stacks", "Deploy some of them alone.");
                    }

                    var exports = stacks.SelectMany(s => s.Outputs).Where(o => o.ExportName is not null)
                        .DistinctBy(o => o.ExportName)
                        .ToDictionary(o => o.ExportName ?? "", o => o.Value, StringComparer.Ordinal);
                    stacks.Add(TemplateReader.Read(
                        new TemplateSource
                        {
                            FileName = file,
                            Text = readFile(file) ?? throw Refuse(file, "the file is not there", "Run cdk synth."),
                            StackName = Text(properties, "stackName") ?? id,
                            Folder = folder,
                            IsSource = false,
                            Assets = assets,
                            Exports = exports,
                            ReadFile = readFile,
                        },
                        options));
                    break;
            }
        }
    }

    private static Dictionary<string, Asset> ReadAssets(
        string folder, JsonObject artifacts, Func<string, string?> readFile)
    {
        var assets = new Dictionary<string, Asset>(StringComparer.Ordinal);
        foreach (var (_, artifact) in artifacts)
        {
            if (artifact is not JsonObject manifest || Text(manifest, "type") != "cdk:asset-manifest"
                || Text(Members(manifest, "properties"), "file") is not { } file)
            {
                continue;
            }

            foreach (var (_, entry) in Members(ReadJson(Path.Combine(folder, file), readFile), "files"))
            {
                var described = entry as JsonObject ?? JsonObject.Empty;
                var source = Members(described, "source");
                foreach (var (_, destination) in Members(described, "destinations"))
                {
                    if (destination is JsonObject place && Text(place, "objectKey") is { } key
                        && Text(source, "path") is { } path)
                    {
                        assets[key.Split('/')[^1]] =
                            new Asset(Path.Combine(folder, path), Text(source, "packaging") == "zip");
                    }
                }
            }
        }

        return assets;
    }

    /// <summary>Each artifact behind those that it depends on.</summary>
    private static List<(string Id, JsonObject Artifact)> InOrder(JsonObject artifacts)
    {
        var ordered = new List<(string, JsonObject)>();
        var visited = new HashSet<string>(StringComparer.Ordinal);
        var path = new Stack<(string Id, JsonObject? Visited)>(); // A chain may be as long as the file.
        foreach (var (id, _) in artifacts)
        {
            path.Push((id, null));
            while (path.TryPop(out var next))
            {
                if (next.Visited is { } whole)
                {
                    ordered.Add((next.Id, whole));
                }
                else if (visited.Add(next.Id) && artifacts[next.Id] is JsonObject artifact)
                {
                    path.Push((next.Id, artifact));
                    var needed = (artifact["dependencies"] as JsonArray ?? JsonArray.Empty).OfType<JsonString>();
                    foreach (var name in needed.Reverse())
                    {
                        path.Push((name.Value, null));
                    }
                }
            }
        }

        return ordered;
    }

    private static JsonObject ReadJson(string path, Func<string, string?> readFile)
    {
        try
        {
            return JsonValue.Parse(readFile(path) ?? throw Refuse(path, "the file is not there", "Run cdk synth."))
                as JsonObject ?? throw Refuse(path, "this is no JSON object", "Run cdk synth.");
        }
        catch (JsonParseException e)
        {
            throw Refuse(path, $"this is no JSON ({e.Message})", "Run cdk synth.");
        }
    }

    private static JsonObject Members(JsonObject json, string name) => json[name] as JsonObject ?? JsonObject.Empty;

    private static string? Text(JsonObject json, string name) => (json[name] as JsonString)?.Value;

    private static DeploymentException Refuse(string path, string message, string whatToDo) =>
        new(path, [new Problem(new Mark(1, 1), "", message, whatToDo)]);
}

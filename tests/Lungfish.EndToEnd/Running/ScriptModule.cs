using System.Text.RegularExpressions;
using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd.Running;

/// <summary>A file of scenarios in the language of a client: each function of it is a test.</summary>
internal sealed partial record ScriptModule(string Path, string Program, string[] Arguments)
{
    public static ScriptModule Python(string name)
    {
        var folder = Repository.PathOf("tests/Lungfish.EndToEnd/Scripts/python");
        return new ScriptModule(
            System.IO.Path.Combine(folder, name + ".py"),
            AwsEnvironment.Python,
            [System.IO.Path.Combine(folder, "scenarios.py"), name]);
    }

    public static ScriptModule Node(string name)
    {
        var folder = Repository.PathOf("tests/Lungfish.EndToEnd/Scripts/node");
        return new ScriptModule(
            System.IO.Path.Combine(folder, name + ".mjs"),
            "node",
            [System.IO.Path.Combine(folder, "scenarios.mjs"), name]);
    }

    public IEnumerable<string> Scenarios => File.ReadLines(Path)
        .Select(line => ScenarioFunction().Match(line))
        .Where(match => match.Success)
        .Select(match => match.Groups["name"].Value);

    [GeneratedRegex(@"^(def|export async function) (?<name>[a-z]\w*)\(\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ScenarioFunction();
}

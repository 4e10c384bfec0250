using System.Collections.Immutable;
using Lungfish.Deployment.Documents;
using Lungfish.Deployment.Intrinsics;
using Lungfish.Json;

namespace Lungfish.Deployment.Serverless;

/// <summary>The environment of functions, before references are known: a value may be a Ref to a state
/// machine.</summary>
internal sealed record EnvironmentNodes(ImmutableSortedDictionary<string, (DocumentNode Value, string Path)> Variables)
{
    private static readonly ImmutableSortedDictionary<string, (DocumentNode Value, string Path)> None =
        ImmutableSortedDictionary.Create<string, (DocumentNode Value, string Path)>(StringComparer.Ordinal);

    /// <summary>Reads the key <c>environment</c> of a section.</summary>
    public static EnvironmentNodes Read(Section section)
    {
        var variables = None;
        if (section.Open("environment") is not { } environment)
        {
            return new EnvironmentNodes(variables);
        }

        foreach (var entry in environment.Named)
        {
            var path = environment.KeyOf(entry.Key);
            if (environment.Read(entry.Key) is { } value and not ListNode)
            {
                variables = variables.SetItem(entry.Key, (value, path));
            }
            else
            {
                section.Complain(
                    entry.Value.Mark, path, $"this is {entry.Value.Kind}, and must be text", "Write the value.");
            }
        }

        return new EnvironmentNodes(variables);
    }

    public EnvironmentNodes Over(EnvironmentNodes defaults) => new(defaults.Variables.SetItems(Variables));

    public ImmutableSortedDictionary<string, string> Resolve(IReferences references, Problems problems)
    {
        var resolver = new IntrinsicResolver(references, problems, everywhere: true);
        return Variables.ToImmutableSortedDictionary(
            v => v.Key, v => Text(v.Value, resolver, problems), StringComparer.Ordinal);
    }

    private static string Text(
        (DocumentNode Value, string Path) variable, IntrinsicResolver resolver, Problems problems)
    {
        if (resolver.Resolve(variable.Value, variable.Path) is ScalarNode { Value: not JsonNull } scalar)
        {
            return scalar.Display;
        }

        problems.Add(variable.Value.Mark, variable.Path, "this is no text", "Write the value.");
        return "";
    }
}

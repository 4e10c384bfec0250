using Lungfish.Json;
using Lungfish.States.Parsing;
using Lungfish.States.Tests.Deciding;
using Lungfish.Tests.Shared;

namespace Lungfish.States.Tests.Parsing;

/// <summary>Parse, print, parse: the same definition.</summary>
public sealed class DefinitionRoundTripTests
{
    private static readonly DefinitionOptions s_options = new() { CanRun = _ => true };

    [Fact]
    public void Parse_PrintedRecordedDefinition_IsTheSame()
    {
        var definitions = RecordedDefinitions.All().ToList();
        var parsed = definitions.Count(definition => IsSame(definition.Definition));

        Assert.True(parsed > 500 || definitions.Count == 0, $"Only {parsed} definitions were read.");
    }

    [Fact]
    public void Parse_PrintedRandomDefinition_IsTheSame() => FuzzRun.Over(
        random => new RandomMachines(random.Next()).Definition(),
        definition => Assert.True(IsSame(definition)),
        weight: 4);

    /// <returns>False if the definition is refused.</returns>
    private static bool IsSame(string text)
    {
        if (DefinitionParser.Parse(text, s_options).Definition is not { } definition)
        {
            return false;
        }

        var printed = Respelling.OfDefinition(JsonValue.Parse(text)).ToText();
        var again = DefinitionParser.Parse(printed, s_options);

        Assert.True(again.Definition is not null, $"{again.ErrorText}\n{printed}");
        Assert.Equal(DefinitionDump.Of(definition), DefinitionDump.Of(again.Definition));
        return true;
    }
}

using Lungfish.States.Parsing;

namespace Lungfish.States.Tests.Parsing;

public sealed class RecordedDefinitionTests
{
    [Fact]
    public void Parse_EveryRecordedDefinition_YieldsADefinitionOrErrorsWithAHint()
    {
        var options = new DefinitionOptions { CanRun = _ => true };
        foreach (var (name, text) in RecordedDefinitions.All())
        {
            var parse = DefinitionParser.Parse(text, options);

            Assert.True(parse.Definition is null == (parse.ErrorText.Length > 0), name);
            Assert.All(parse.Diagnostics, diagnostic => Assert.False(string.IsNullOrEmpty(diagnostic.Hint), name));
        }
    }
}

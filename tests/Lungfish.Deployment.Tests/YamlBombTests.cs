using Lungfish.Deployment.Documents;

namespace Lungfish.Deployment.Tests;

/// <summary>A file that means harm costs what it is long, and no more.</summary>
public sealed class YamlBombTests
{
    [Fact]
    public void Read_AliasesOfAliases_AreRefusedBeforeTheyFillTheMemory()
    {
        var lines = Enumerable.Range(1, 20).Select(
            i => $"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 10))}]");

        var refusal = Refused($"a0: &a0 lol\n{string.Join('\n', lines)}\n");

        Assert.Contains("more than 500000 parts", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MergesOfMerges_AreRefusedBeforeTheyFillTheMemory()
    {
        var lines = Enumerable.Range(1, 30).Select(i => $"a{i}: &a{i} {{x: *a{i - 1}, y: *a{i - 1}, <<: *a{i - 1}}}");

        var refusal = Refused($"a0: &a0 {{k: v}}\n{string.Join('\n', lines)}\n");

        Assert.Contains("more than 500000 parts", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AliasThatHoldsItself_IsRefused() =>
        Assert.NotEmpty(Refused("a: &a [*a]\n").Message);

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{a: ", "}")]
    [InlineData("[{a: ", "}]")]
    [InlineData("- ", "")]
    [InlineData("!Ref [", "]")]
    public void Read_NestedVeryDeeply_IsRefused(string open, string close)
    {
        const int Depth = 20_000;
        var text = string.Concat(Enumerable.Repeat(open, Depth)) + string.Concat(Enumerable.Repeat(close, Depth));

        Assert.Contains("nested too deeply", Refused(text).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Resources:\n    A: {b: 1,\n  c: 2}\n")]
    [InlineData("a:\n    - {b: 1,\n c: 2}\n")]
    public void Read_BracesGoOnAtASmallerIndent_IsRefusedWithItsPlace(string text)
    {
        var refusal = Assert.IsType<DeploymentException>(
            Record.Exception(() => YamlDocumentReader.Read("serverless.yml", text)));

        Assert.Matches("^serverless.yml:[1-3]:[0-9]+: ", refusal.Message);
    }

    [Fact]
    public void ReadText_FileLongerThanAnyMemory_IsRefusedBeforeItIsRead()
    {
        var path = Path.GetTempFileName();
        using (var file = File.OpenWrite(path))
        {
            file.SetLength(1L << 40); // All holes: it takes no room.
        }

        var refusal = Record.Exception(() => YamlDocumentReader.ReadText("serverless.yml", path));

        File.Delete(path);
        Assert.Equal(
            "serverless.yml:1:1: the file has more than 4194304 characters. Make it smaller.",
            Assert.IsType<DeploymentException>(refusal).Message);
    }

    private static DeploymentException Refused(string text) =>
        Assert.Throws<DeploymentException>(() => YamlDocumentReader.Read("serverless.yml", text));
}

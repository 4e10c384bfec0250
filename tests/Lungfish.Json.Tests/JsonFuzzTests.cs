using System.Text;
using Lungfish.Tests.Shared;

namespace Lungfish.Json.Tests;

public sealed class JsonFuzzTests
{
    private static readonly string[] s_samples =
    [
        """{"a":[1,-2.5e-3,true,false,null,"x\n\u00e4\ud83d\ude00"],"b":{"c":{}}}""",
        """[[[]],{"":""},0.1,1e400,-0,"\\\"\/"]""",
        "\"lone \\ud83d and \\udc00\"",
        " \t\r\n12345678901234567890 ",
    ];

    [Fact]
    public void Parse_RandomText_IsAValueOrRefused() =>
        FuzzRun.Over(random => FuzzRun.Mutate(random, s_samples), text => Check(() => JsonValue.Parse(text)));

    [Fact]
    public void Parse_RandomBytes_AreAValueOrRefused() => FuzzRun.Over(RandomBytes, bytes =>
        Check(() => JsonValue.Parse(bytes)));

    [Fact]
    public void Jackson_RandomText_IsToldOfInWords() => FuzzRun.Over(
        random => FuzzRun.Mutate(random, s_samples),
        text => Assert.NotEmpty(JacksonText.Of(text).Message));

    private static byte[] RandomBytes(Random random)
    {
        var bytes = Encoding.UTF8.GetBytes(FuzzRun.Mutate(random, s_samples));
        for (var i = random.Next(4); i > 0 && bytes.Length > 0; i--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return bytes;
    }

    /// <summary>A refusal is content; what is taken must come back from its own text.</summary>
    private static void Check(Func<JsonValue> parse)
    {
        JsonValue value;
        try
        {
            value = parse();
        }
        catch (JsonParseException)
        {
            return;
        }

        Assert.Equal(value, JsonValue.Parse(value.ToText()));
    }
}

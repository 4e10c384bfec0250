using FsCheck;
using FsCheck.Fluent;

namespace Lungfish.Json.Tests;

internal static class JsonGenerators
{
    /// <summary>Texts with what tends to break: escapes, controls, NUL, pairs and lone surrogates.</summary>
    public static Gen<string> Texts { get; } = Gen.OneOf(
        Gen.Elements(
            "", "a", "é", "日本", "\u0000", "\"", "\\", "/", "\n\t\b\f\r", "\ud83d\ude00", "\ud800", "\udc00x",
            "\u2028"),
        ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""));

    public static Gen<JsonValue> Values { get; } = Gen.Sized(size => OfSize(Math.Min(size, 40)));

    public static Gen<JsonValue> Scalars { get; } = Gen.OneOf(
        Gen.Constant(JsonValue.Null),
        ArbMap.Default.GeneratorFor<bool>().Select(value => (JsonValue)value),
        ArbMap.Default.GeneratorFor<long>().Select(value => (JsonValue)value),
        ArbMap.Default.GeneratorFor<int>().Select(value => (JsonValue)value),
        ArbMap.Default.GeneratorFor<double>().Where(double.IsFinite).Select(value => (JsonValue)value),
        Gen.Elements("0.0", "-0", "1e400", "-1E-999", "123456789012345678901234567890.10")
            .Select(text => JsonValue.Parse(text)),
        Texts.Select(text => (JsonValue)text));

    private static Gen<JsonValue> OfSize(int size) => size <= 1
        ? Scalars
        : Gen.OneOf(
            Scalars,
            Gen.ListOf(OfSize(size / 3)).Select(items => (JsonValue)JsonArray.Of(items)),
            Gen.ListOf(Gen.Zip(Texts, OfSize(size / 3))).Select(members => (JsonValue)JsonObject.Of(
                members.Select(member => (member.Item1, member.Item2)))));
}

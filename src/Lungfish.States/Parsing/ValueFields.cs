using Lungfish.States.Model;

namespace Lungfish.States.Parsing;

/// <summary>Reads fields that hold a value, or say where to find one: by a path, or by a JSONata expression.</summary>
internal static class ValueFields
{
    /// <summary>A whole number from <c>name</c> or <c>namePath</c>.</summary>
    /// <param name="pathOfInput">The path may not read the context object: measured for numbers of Maps.</param>
    public static Field<long>? ReadInteger(
        FieldReader state, string name, long min, long max, bool pathOfInput = false) => Read(
            state,
            name,
            name + "Path",
            () => ReadPath<long>(state, name, pathOfInput),
            () => ToLiteral(state.Integer(name, min, max)));

    /// <summary>A number of a Map state from <c>name</c>, or from <c>namePath</c> in the input.</summary>
    public static Field<double>? ReadNumber(FieldReader state, string name, double min, double max) => Read(
        state,
        name,
        name + "Path",
        () => ReadPath<double>(state, name, ofInput: true),
        () => ToLiteral(state.Number(name, min, max)));

    /// <param name="twin">The field that holds a path or an intrinsic call in its place.</param>
    public static Field<string>? ReadText(FieldReader state, string name, string twin) => Read(
        state,
        name,
        twin,
        () => state.Value(twin) is { } value ? new AtValue<string>(twin, value) : null,
        () => state.Text(name) is { } text ? new Literal<string>(text) : null);

    public static Field<DateTimeOffset>? ReadTimestamp(FieldReader state, string name) =>
        Read(
            state,
            name,
            name + "Path",
            () => ReadPath<DateTimeOffset>(state, name),
            () => ReadLiteralTimestamp(state, name));

    /// <summary>A JSONata rule's condition. Recorded: an expression, or one of the literals true and false.</summary>
    public static Field<bool>? ReadCondition(FieldReader rule) =>
        Read<bool>(rule, "Condition", "Condition", () => null, () => ToLiteral(rule.Boolean("Condition")));

    private static Field<T>? Read<T>(
        FieldReader state, string name, string twin, Func<Field<T>?> readTwin, Func<Literal<T>?> readLiteral)
    {
        if (state.IsJsonata)
        {
            return state[name] is not { } field || !JsonataReader.IsExpression(field) ? readLiteral()
                : state.Jsonata(name, JsonataPlace.BeforeWork) is { } expression ? new Computed<T>(expression)
                : null;
        }

        return !state.AllowOneOf(name, twin) ? null
            : state.Has(twin) ? readTwin()
            : readLiteral();
    }

    private static AtPath<T>? ReadPath<T>(FieldReader state, string name, bool ofInput = false) =>
        state.Path(name + "Path", isReference: true, ofInput) is { } path ? new AtPath<T>(path) : null;

    private static Literal<DateTimeOffset>? ReadLiteralTimestamp(FieldReader state, string name)
    {
        if (state.Text(name) is not { } text || state[name] is not { } field)
        {
            return null;
        }

        if (Rfc3339.TryParse(text, out var time))
        {
            return new Literal<DateTimeOffset>(time);
        }

        CommonFields.RefuseTimestamp(state, field);
        return null;
    }

    private static Literal<T>? ToLiteral<T>(T? value)
        where T : struct => value is { } literal ? new Literal<T>(literal) : null;
}

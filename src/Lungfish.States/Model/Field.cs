using Lungfish.States.Jsonata;
using Lungfish.States.JsonPath;

namespace Lungfish.States.Model;

/// <summary>A number, a text or a time that a definition writes down, or says where to find.</summary>
public abstract record Field<T>
{
    private protected Field() { }
}

/// <summary>Written down, and checked when the definition was parsed.</summary>
public sealed record Literal<T>(T Value) : Field<T>;

/// <summary>JSONPath's twin of a field: <c>SecondsPath</c>, <c>TimeoutSecondsPath</c>.</summary>
public sealed record AtPath<T>(PathExpression Path) : Field<T>;

/// <summary>JSONPath's twin of a field that also takes an intrinsic call: <c>ErrorPath</c>.</summary>
/// <param name="Name">The twin's own name, for the words of a failure.</param>
public sealed record AtValue<T>(string Name, ValueExpression Value) : Field<T>;

/// <summary><c>{% %}</c>: any field of a JSONata state that may hold an expression.</summary>
public sealed record Computed<T>(JsonataTemplate Expression) : Field<T>;

/// <summary>A composed value in either query language: a Map's ItemSelector.</summary>
public abstract record Template
{
    private protected Template() { }
}

public sealed record PayloadField(PayloadTemplate Payload) : Template;

public sealed record JsonataField(JsonataTemplate Expression) : Template;

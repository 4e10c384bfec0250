using System.Text.Json;

namespace Lungfish.Server.Protocol;

/// <summary>One operation of an AWS API: checks the text into types, makes one call, answers.</summary>
internal interface IApiAction<TInput, TOutput>
    where TInput : IApiInput<TInput>
    where TOutput : IApiOutput
{
    Task<TOutput> HandleAsync(TInput input, CancellationToken cancellationToken);
}

/// <summary>An operation's input: exists only if every constraint of the service model holds.</summary>
internal interface IApiInput<out TSelf>
    where TSelf : IApiInput<TSelf>
{
    /// <exception cref="Lungfish.Engine.ApiException">InvalidArn, ValidationException or
    /// SerializationException.</exception>
    static abstract TSelf Read(RequestMembers members);
}

internal interface IApiOutput
{
    /// <summary>Writes the members into the object that the caller has begun. Absent members are left out, as AWS
    /// does.</summary>
    void WriteTo(Utf8JsonWriter writer);
}

/// <summary>The answer of operations that have none: <c>{}</c>.</summary>
internal sealed record EmptyOutput : IApiOutput
{
    public static readonly EmptyOutput Instance = new();

    public void WriteTo(Utf8JsonWriter writer)
    {
        // No members.
    }
}

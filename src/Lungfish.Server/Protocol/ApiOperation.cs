using System.Text.Json;

namespace Lungfish.Server.Protocol;

/// <summary>An action with its types closed over, so that a table can hold actions of every kind.</summary>
internal abstract class ApiOperation
{
    public static ApiOperation Of<TInput, TOutput>(IApiAction<TInput, TOutput> action)
        where TInput : IApiInput<TInput>
        where TOutput : IApiOutput => new Typed<TInput, TOutput>(action);

    /// <summary>Begins the action.</summary>
    public abstract Task StartAsync(RequestMembers members, CancellationToken cancellationToken);

    /// <summary>Writes the answer of an action that is done, as one JSON object.</summary>
    /// <param name="done">What <see cref="StartAsync"/> gave for it.</param>
    /// <param name="answer">Where to.</param>
    public abstract void WriteAnswer(Task done, Utf8JsonWriter answer);

    private sealed class Typed<TInput, TOutput>(IApiAction<TInput, TOutput> action) : ApiOperation
        where TInput : IApiInput<TInput>
        where TOutput : IApiOutput
    {
        public override Task StartAsync(RequestMembers members, CancellationToken cancellationToken) =>
            action.HandleAsync(TInput.Read(members), cancellationToken);

        public override void WriteAnswer(Task done, Utf8JsonWriter answer)
        {
            answer.WriteStartObject();
            ((Task<TOutput>)done).Result.WriteTo(answer);
            answer.WriteEndObject();
        }
    }
}

using System.Text.Json;

namespace Lungfish.Server.Protocol;

/// <summary>An action with its types closed over, so that a table can hold actions of every kind.</summary>
internal abstract class ApiOperation
{
    public static ApiOperation Of<TInput, TOutput>(IApiAction<TInput, TOutput> action)
        where TInput : IApiInput<TInput>
        where TOutput : IApiOutput => new Typed<TInput, TOutput>(action);

    /// <summary>Runs the action and writes its answer as one JSON object.</summary>
    public abstract Task RunAsync(RequestMembers members, Utf8JsonWriter answer, CancellationToken cancellationToken);

    private sealed class Typed<TInput, TOutput>(IApiAction<TInput, TOutput> action) : ApiOperation
        where TInput : IApiInput<TInput>
        where TOutput : IApiOutput
    {
        public override async Task RunAsync(
            RequestMembers members, Utf8JsonWriter answer, CancellationToken cancellationToken)
        {
            var output = await action.HandleAsync(TInput.Read(members), cancellationToken);
            answer.WriteStartObject();
            output.WriteTo(answer);
            answer.WriteEndObject();
        }
    }
}

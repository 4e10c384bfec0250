using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Threading.Channels;
using Lungfish.Engine.Tasks;
using Lungfish.Json;
using Lungfish.States.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lungfish.Bench.Hosting;

/// <summary><c>arn:aws:states:::bench:noop</c>: done as soon as it is asked for.</summary>
internal sealed class NoopTask : ITaskHandler
{
    private static readonly JsonValue Output = JsonValue.Parse("""{"done":true}"""u8);

    public bool CanRun(TaskResource resource) => resource is ServiceIntegration { Service: "bench", Action: "noop" };

    public ValueTask<TaskOutcome> RunAsync(TaskAssignment assignment, CancellationToken cancellationToken) =>
        ValueTask.FromResult<TaskOutcome>(new TaskCompleted(Output));
}

/// <summary><c>arn:aws:states:::bench:handover.waitForTaskToken</c>: the token goes to whoever reads
/// <c>/bench/tokens</c>, who plays the system outside that answers by SendTaskSuccess.</summary>
internal sealed class HandOverTask : ITaskHandler
{
    private static readonly JsonValue Output = JsonValue.Parse("{}"u8);

    /// <summary>Callback ids have characters that are escaped otherwise, and the reader looks for plain ones.</summary>
    private static readonly JsonWriterOptions AsWritten = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Channel<(string Execution, string Token)> _tokens =
        Channel.CreateUnbounded<(string, string)>(new UnboundedChannelOptions { SingleReader = true });

    public bool CanRun(TaskResource resource) =>
        resource is ServiceIntegration { Service: "bench", Action: "handover" };

    public ValueTask<TaskOutcome> RunAsync(TaskAssignment assignment, CancellationToken cancellationToken)
    {
        var token = assignment.Token ?? throw new InvalidOperationException("The resource needs .waitForTaskToken.");
        _tokens.Writer.TryWrite((assignment.Execution.ExecutionName, token));
        return ValueTask.FromResult<TaskOutcome>(new TaskHandedOver(Output));
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        _ = routes.MapGet("/bench/tokens", SendTokensAsync);
        _ = routes.MapPost("/bench/handover", TakeCallbackAsync);
    }

    /// <summary>A durable function gives its callback's id away.</summary>
    private async Task TakeCallbackAsync(HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        var name = body.RootElement.GetProperty("name").GetString() ?? "";
        var token = body.RootElement.GetProperty("token").GetString() ?? "";
        _tokens.Writer.TryWrite((name, token));
    }

    private async Task SendTokensAsync(HttpContext context)
    {
        context.Response.ContentType = "application/x-ndjson";
        await context.Response.StartAsync(context.RequestAborted);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter, AsWritten);
        try
        {
            while (await _tokens.Reader.WaitToReadAsync(context.RequestAborted))
            {
                while (_tokens.Reader.TryRead(out var handedOver))
                {
                    writer.WriteStartObject();
                    writer.WriteString("name"u8, handedOver.Execution);
                    writer.WriteString("token"u8, handedOver.Token);
                    writer.WriteEndObject();
                    writer.Flush();
                    writer.Reset();
                    context.Response.BodyWriter.Write("\n"u8);
                }

                await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
            }
        }
        catch (OperationCanceledException)
        {
            // The benchmark has hung up.
        }
    }
}

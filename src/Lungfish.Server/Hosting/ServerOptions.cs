using Lungfish.Engine;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Tasks;
using Lungfish.States.Quotas;
using Lungfish.Integrations.Messaging;
using Lungfish.Integrations.S3;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Lungfish.Server.Hosting;

public sealed record ServerOptions
{
    /// <summary>Holds the database, the token key, code and logs; made if it does not exist.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Loopback addresses only; port 0 picks a free one.</summary>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:8083"];

    public AwsAccount Account { get; init; } = AwsAccount.Default;

    /// <summary>How long executions are kept after they closed. AWS keeps them for 90 days.</summary>
    public TimeSpan Retention { get; init; } = EngineOptions.RetentionDefault;

    /// <summary>An S3 endpoint to use. Null: folders of the data directory play buckets.</summary>
    public S3EndpointOptions? S3 { get; init; }

    /// <summary>What happens to executions that go past AWS's quotas.</summary>
    public QuotaMode Quotas { get; init; } = QuotaMode.Strict;

    /// <summary>Null: definitions that use SQS are refused.</summary>
    public ServiceEndpointOptions? Sqs { get; init; }

    /// <summary>Null: definitions that use SNS are refused.</summary>
    public ServiceEndpointOptions? Sns { get; init; }

    /// <summary>More kinds of tasks than the server brings: embedded functions, benchmarks.</summary>
    public IReadOnlyList<ITaskHandler> MoreTaskHandlers { get; init; } = [];

    /// <summary>Adds routes to the edge, behind the same Host and Origin checks. Called once the server is
    /// ready.</summary>
    public Action<IEndpointRouteBuilder>? MapMore { get; init; }

    /// <summary>How long requests that are open may go on when the server stops; then they are cut off.</summary>
    public TimeSpan DrainMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Where logs go. Null: warnings and worse as single lines to standard error.</summary>
    public Action<ILoggingBuilder>? ConfigureLogging { get; init; }

    /// <summary>Called when the disk refused to make something durable: nothing more can be promised, so the process
    /// should say so and end with exit code 70. Null: the server answers errors until it is stopped.</summary>
    public Action<Exception>? OnStoreFailed { get; init; }
}

/// <summary>The server does not start that way; the message is one sentence that says why and what to do.</summary>
public sealed class ServerRefusedException(string message, Exception? innerException = null)
    : Exception(message, innerException);

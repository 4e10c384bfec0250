using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd.KillTests.Crash;

/// <summary>Makes state machines and changes them, while the server comes and goes: what was acknowledged is
/// there.</summary>
internal sealed class CatalogClient(CrashingServer server, Ledger ledger)
{
    private const string Role = "arn:aws:iam::000000000000:role/any";

    private readonly ConcurrentDictionary<string, int> _revisions = new(StringComparer.Ordinal);

    /// <summary>One machine after the other, each changed once, until cancelled.</summary>
    public async Task ChangeAsync(int seed, CancellationToken cancellationToken)
    {
        const int pauseMillisecondsMax = 300;
        var random = new Random(seed);
        for (var number = 1; !cancellationToken.IsCancellationRequested; number++)
        {
            var create = new JsonObject { ["name"] = $"entry-{number}", ["definition"] = Of(1), ["roleArn"] = Role };
            var created = await server.CallAsync("CreateStateMachine", create, cancellationToken);
            var arn = created.Answer.Body["stateMachineArn"]?.GetValue<string>();
            if (arn is null)
            {
                ledger.Breach($"entry-{number}: it was refused: {created.Answer.Body.ToJsonString()}");
                continue;
            }

            _revisions[arn] = 1;
            var update = new JsonObject { ["stateMachineArn"] = arn, ["definition"] = Of(2) };
            if ((await server.CallAsync("UpdateStateMachine", update, cancellationToken)).Answer.IsSuccess)
            {
                _revisions[arn] = 2;
            }

            await Task.Delay(random.Next(pauseMillisecondsMax), cancellationToken);
        }
    }

    public async Task AuditAsync(AwsApi api)
    {
        foreach (var (arn, revision) in _revisions)
        {
            var answer = await api.CallAsync("DescribeStateMachine", new JsonObject { ["stateMachineArn"] = arn });
            var definition = answer.Body["definition"]?.GetValue<string>();
            // A change that was not acknowledged may be there all the same.
            if (definition != Of(2) && (revision == 2 || definition != Of(1)))
            {
                ledger.Breach($"{arn}: revision {revision} was acknowledged, and it is {answer.Body.ToJsonString()}");
            }
        }
    }

    private static string Of(int revision) =>
        $$$$"""{"Comment":"{{{{revision}}}}","StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}""";
}

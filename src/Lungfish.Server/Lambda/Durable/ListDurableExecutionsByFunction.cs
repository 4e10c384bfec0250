using System.Collections.Immutable;
using System.Text.Json;
using Lungfish.Durable;
using Lungfish.Engine.Api;
using Lungfish.Engine.Identifiers;
using Lungfish.Functions;
using Lungfish.Server.Protocol;

namespace Lungfish.Server.Lambda.Durable;

internal sealed class ListDurableExecutionsByFunction(
    IDurableExecutions executions, AwsAccount account, Func<FunctionReference, string> versionOf) : IDurableAction
{
    private const int StatusesMax = 10;
    private const int NameLengthMax = 64;

    private static readonly ImmutableDictionary<string, DurableStatus> Statuses =
        Enum.GetValues<DurableStatus>().ToImmutableDictionary(WireNames.Of, StringComparer.Ordinal);

    public async Task HandleAsync(DurableCall call, Utf8JsonWriter answer, CancellationToken cancellationToken)
    {
        var reference = FunctionReference.Parse(call.Name, call.FindQuery("Qualifier"), account);

        // Documented: without a qualifier, the executions of $LATEST. An alias stands for the version that it leads to.
        var version = versionOf(reference);
        var page = await executions.ListAsync(
            new DurableQuery
            {
                FunctionArn = account.FunctionArn(reference.Name),
                Version = version,
                Name = ReadName(call),
                Statuses = ReadStatuses(call),
                StartedAfter = call.FindTime("StartedAfter"),
                StartedBefore = call.FindTime("StartedBefore"),
                Reverse = call.FindBoolean("ReverseOrder") ?? false,
                CountMax = call.ReadMaxItems(),
                Marker = call.FindQuery("Marker"),
            },
            cancellationToken);
        answer.WriteStartObject();
        answer.WriteStartArray("DurableExecutions"u8);
        foreach (var execution in page.Items)
        {
            answer.WriteStartObject();
            DurableSummaryJson.WriteMembers(answer, execution);
            answer.WriteEndObject();
        }

        answer.WriteEndArray();
        answer.WriteText("NextMarker"u8, page.NextToken);
        answer.WriteEndObject();
    }

    private static string? ReadName(DurableCall call)
    {
        var name = call.FindQuery("DurableExecutionName");
        UpdateRules.CheckLength(name, "durableExecutionName", NameLengthMax);
        return name is null || UpdateRules.IsOfIdCharacters(name)
            ? name
            : throw DurableCall.Violation(
                name, "durableExecutionName", "Member must satisfy regular expression pattern: [a-zA-Z0-9-_]+");
    }

    private static ImmutableArray<DurableStatus> ReadStatuses(DurableCall call)
    {
        ImmutableArray<DurableStatus> statuses =
        [
            .. call.FindQueries("Statuses").Select(word => Statuses.TryGetValue(word, out var status)
                ? status
                : throw DurableCall.Violation(
                    word,
                    "statuses",
                    "Member must satisfy constraint: [Member must satisfy enum value set: "
                    + "[RUNNING, SUCCEEDED, FAILED, TIMED_OUT, STOPPED]]")),
        ];
        return statuses.Length <= StatusesMax
            ? statuses
            : throw DurableCall.Violation(
                null, "statuses", $"Member must have length less than or equal to {StatusesMax}");
    }
}

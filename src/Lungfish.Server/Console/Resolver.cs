using Lungfish.Engine;
using Lungfish.Engine.Api;
using Lungfish.Engine.Storage;

namespace Lungfish.Server.Console;

/// <summary>Something that a text may stand for.</summary>
/// <param name="Kind"><c>machine</c>, <c>execution</c>, <c>activity</c>, <c>function</c> or <c>callback</c>.</param>
/// <param name="Id">Its ARN, or a callback's task token.</param>
internal sealed record Match(string Kind, string Id, string Name);

/// <summary>Turns what a person types (an ARN, a name, the beginning of a name or token) into what there is.</summary>
/// <remarks>Whatever is named exactly hides what only begins with the text.</remarks>
/// <param name="functions">Lists all functions there are.</param>
internal sealed class Resolver(
    IStateMachines stateMachines,
    IActivities activities,
    IExecutions executions,
    ExecutionSearch search,
    Func<IEnumerable<Match>> functions)
{
    private const int CountMax = 20;

    public async Task<IReadOnlyList<Match>> ResolveAsync(string text, string? kind, CancellationToken cancellationToken)
    {
        var found = new List<Match>();
        foreach (var (name, find) in Finders(text))
        {
            if (kind is null || kind == name)
            {
                found.AddRange(await find(cancellationToken));
            }
        }

        var exact = found.FindAll(match => match.Id == text || match.Name == text);
        return exact.Count > 0 ? exact : found.Count > CountMax ? found[..CountMax] : found;
    }

    private IEnumerable<(string Kind, Func<CancellationToken, Task<IEnumerable<Match>>> Find)> Finders(string text)
    {
        yield return ("machine", token => MachinesAsync(text, token));
        yield return ("execution", token => ExecutionsAsync(text, token));
        yield return ("activity", token => ActivitiesAsync(text, token));
        yield return ("function", _ => Task.FromResult(functions().Where(match => Fits(text, match.Id, match.Name))));
        yield return ("callback", token => CallbacksAsync(text, token));
    }

    private async Task<IEnumerable<Match>> MachinesAsync(string text, CancellationToken cancellationToken)
    {
        var found = new List<Match>();
        string? token = null;
        do
        {
            var page = await stateMachines.ListAsync(1000, token, cancellationToken);
            found.AddRange(page.Items
                .Where(machine => Fits(text, machine.Arn, machine.Name))
                .Select(machine => new Match("machine", machine.Arn, machine.Name)));
            token = page.NextToken;
        }
        while (token is not null);
        return found;
    }

    private async Task<IEnumerable<Match>> ActivitiesAsync(string text, CancellationToken cancellationToken)
    {
        var page = await activities.ListAsync(1000, null, cancellationToken);
        return page.Items
            .Where(activity => Fits(text, activity.Arn, activity.Name))
            .Select(activity => new Match("activity", activity.Arn, activity.Name));
    }

    private async Task<IEnumerable<Match>> ExecutionsAsync(string text, CancellationToken cancellationToken)
    {
        if (text.StartsWith("arn:", StringComparison.Ordinal))
        {
            return await ExecutionByArnAsync(text, cancellationToken);
        }

        var query = new ExecutionQuery { NamePrefix = text, CountMax = CountMax };
        var found = await search.FindAsync(query, cancellationToken);
        return found.Select(execution => new Match("execution", execution.ExecutionArn, execution.Name));
    }

    private async Task<IEnumerable<Match>> ExecutionByArnAsync(string arn, CancellationToken cancellationToken)
    {
        try
        {
            var execution = await executions.DescribeAsync(arn, cancellationToken);
            return [new Match("execution", execution.Summary.ExecutionArn, execution.Summary.Name)];
        }
        catch (ApiException)
        {
            return []; // No ARN of an execution, or of none that there is.
        }
    }

    private async Task<IEnumerable<Match>> CallbacksAsync(string text, CancellationToken cancellationToken)
    {
        var waiting = await executions.ListCallbacksAsync(null, null, 1000, cancellationToken);
        return waiting
            .Where(callback => callback.TaskToken.StartsWith(text, StringComparison.Ordinal))
            .Take(CountMax)
            .Select(callback => new Match("callback", callback.TaskToken, callback.StateName));
    }

    private static bool Fits(string text, string arn, string name) =>
        arn == text || name.StartsWith(text, StringComparison.Ordinal);
}

using Lungfish.Engine;
using Lungfish.Engine.Api;
using Lungfish.Engine.Storage;
using Lungfish.Functions.Durable;

namespace Lungfish.Server.Console;

/// <summary>Something that a text may stand for.</summary>
/// <param name="Kind"><c>machine</c>, <c>execution</c>, <c>activity</c>, <c>function</c> or <c>callback</c>.</param>
/// <param name="Id">Its ARN, a task token or a callback's id.</param>
internal sealed record Match(string Kind, string Id, string Name);

/// <summary>Turns what a person types (an ARN, a name, the beginning of a name or token) into what there is.</summary>
/// <remarks>Whatever is named exactly hides what only begins with the text.</remarks>
/// <param name="functions">Lists all functions there are.</param>
internal sealed class Resolver(
    IStateMachines stateMachines,
    IActivities activities,
    IExecutions executions,
    IDurableExecutions durable,
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
        var machines = await AllMachinesAsync(cancellationToken);
        return machines
            .Where(machine => Fits(text, machine.Arn, machine.Name))
            .Select(machine => new Match("machine", machine.Arn, machine.Name));
    }

    private async Task<List<StateMachineDescription>> AllMachinesAsync(CancellationToken cancellationToken)
    {
        var machines = new List<StateMachineDescription>();
        string? token = null;
        do
        {
            var page = await stateMachines.ListAsync(1000, token, cancellationToken);
            machines.AddRange(page.Items);
            token = page.NextToken;
        }
        while (token is not null);
        return machines;
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

        // Of many whose names begin with the text only the latest are looked at: the one of that name may be older.
        var found = new List<ExecutionSummary>();
        foreach (var machine in await AllMachinesAsync(cancellationToken))
        {
            if (await search.FindByNameAsync(machine.Arn, text, cancellationToken) is { } named)
            {
                found.Add(named);
            }
        }

        if (found.Count == 0)
        {
            var query = new ExecutionQuery { NamePrefix = text, CountMax = CountMax };
            found.AddRange(await search.FindAsync(query, cancellationToken));
        }

        return found.Select(execution => new Match("execution", execution.ExecutionArn, execution.Name))
            .Concat(await DurableAsync(text, cancellationToken));
    }

    /// <summary>Durable executions of that name, or the latest whose names begin with the text.</summary>
    private async Task<IEnumerable<Match>> DurableAsync(string text, CancellationToken cancellationToken)
    {
        var named = await durable.ListAsync(
            new DurableQuery { Name = text, Reverse = true, CountMax = CountMax }, cancellationToken);
        var found = named.Items.Count > 0
            ? named.Items
            : (await durable.ListAsync(new DurableQuery { Reverse = true, CountMax = 1000 }, cancellationToken)).Items;
        return found
            .Where(execution => execution.Name.StartsWith(text, StringComparison.Ordinal))
            .Take(CountMax)
            .Select(execution => new Match("execution", execution.ExecutionArn, execution.Name));
    }

    private async Task<IEnumerable<Match>> ExecutionByArnAsync(string arn, CancellationToken cancellationToken)
    {
        try
        {
            if (DurableExecutionArn.IsOne(arn))
            {
                var summary = (await durable.DescribeAsync(arn, cancellationToken)).Summary;
                return [new Match("execution", summary.ExecutionArn, summary.Name)];
            }

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
        var callbacks = await durable.ListCallbacksAsync(null, null, 1000, cancellationToken);
        return waiting
            .Select(task => new Match("callback", task.TaskToken, task.StateName))
            .Concat(callbacks.Select(
                callback => new Match("callback", callback.CallbackId, callback.OperationName ?? callback.OperationId)))
            .Where(match => match.Id.StartsWith(text, StringComparison.Ordinal))
            .Take(CountMax);
    }

    private static bool Fits(string text, string arn, string name) =>
        arn == text || name.StartsWith(text, StringComparison.Ordinal);
}

using Lungfish.Cli.CommandLine;
using Lungfish.Deployment;

namespace Lungfish.Cli.Client;

/// <summary>Turns what people type (an ARN, a name, the beginning of a name) into the one thing that is
/// meant.</summary>
internal sealed class Lookup(LungfishClient client)
{
    private const int CandidatesMax = 10;

    public async Task<string> MachineAsync(string text, CancellationToken cancellationToken)
    {
        if (IsArn(text))
        {
            return text.Contains(":stateMachine:", StringComparison.Ordinal)
                ? text
                : throw new CommandException(
                    ExitCode.Usage, $"\"{text}\" is no ARN of a state machine.", "lungfish machine list");
        }

        var machines = await client.ListMachinesAsync(cancellationToken);
        return Pick("state machine", text, machines, m => m.Name, "lungfish machine list").Arn;
    }

    /// <summary>A function as it is now; <c>notify</c> also finds <c>shop-dev-notify</c> and <c>shop-Notify-4XQ8</c>,
    /// as serverless.yml and templates name it. A qualifier in the text is not looked at.</summary>
    public async Task<Function> FindFunctionAsync(string text, CancellationToken cancellationToken)
    {
        if (IsArn(text))
        {
            var named = DurableArns.FunctionOf(text).Split(':')[0];
            return await client.Functions.FindAsync(named, null, cancellationToken)
                ?? throw new CommandException(
                    ExitCode.NotFound, $"There is no function {text}.", "lungfish function list");
        }

        var name = text.Split(':')[0];
        var functions = await client.Functions.ListAsync(cancellationToken);
        return Pick("function", name, functions, f => f.Name, "lungfish function list");
    }

    /// <summary>A function of which all versions are meant; the text may name none.</summary>
    public async Task<Function> WholeFunctionAsync(string text, CancellationToken cancellationToken)
    {
        var function = await FindFunctionAsync(text, cancellationToken);
        return QualifierIn(text) is { } qualifier
            ? throw new CommandException(
                ExitCode.Usage,
                $"This is about all versions of a function: leave out \":{qualifier}\".",
                $"lungfish function versions {function.Name}",
                $"lungfish function aliases {function.Name}")
            : function;
    }

    /// <summary>A function's ARN, and the version that the qualifier in the text stands for; null if it has
    /// none.</summary>
    public async Task<(string Arn, string? Version)> FunctionVersionAsync(
        string text, CancellationToken cancellationToken)
    {
        var function = await FindFunctionAsync(text, cancellationToken);
        if (QualifierIn(text) is not { } qualifier)
        {
            return (function.Arn, null);
        }

        var qualified = await client.Functions.FindAsync(function.Name, qualifier, cancellationToken)
            ?? throw new CommandException(
                ExitCode.NotFound,
                $"The function {function.Name} has no version or alias \"{qualifier}\".",
                $"lungfish function versions {function.Name}",
                $"lungfish function aliases {function.Name}");
        return (function.Arn, qualified.Version);
    }

    /// <summary>What follows the name: a version or an alias; null if the text has none.</summary>
    public static string? QualifierIn(string text)
    {
        var named = IsArn(text) ? DurableArns.FunctionOf(text) : text;
        return named.IndexOf(':', StringComparison.Ordinal) is > 0 and var at ? named[(at + 1)..] : null;
    }

    /// <summary>The ARN of an execution, of a state machine or durable.</summary>
    public async Task<string> ExecutionAsync(string text, CancellationToken cancellationToken)
    {
        if (IsArn(text))
        {
            return text;
        }

        var matches = await client.ResolveAsync(text, "execution", cancellationToken);
        if (matches.Count == 0)
        {
            var latest = await client.ListExecutionsAsync(null, null, 100, cancellationToken);
            var durable = await client.Durable.ListAsync(null, null, null, 100, cancellationToken);
            throw NotFound(
                "execution",
                text,
                [.. latest.Select(e => e.Name), .. durable.Select(e => e.Name)],
                "lungfish execution list");
        }

        return Single("execution", text, matches, m => m.Name, m => m.Id).Id;
    }

    /// <summary>A waiting task or callback by its token or id, the beginning of that, or the execution that waits; null
    /// if the text stands for an execution that runs and has not come to it.</summary>
    public async Task<Callback?> FindCallbackAsync(string text, CancellationToken cancellationToken)
    {
        var waiting = await client.ListCallbacksAsync(null, null, 1000, cancellationToken);
        var found = waiting
            .Where(c => c.Token == text || c.ExecutionArn == text || c.ExecutionName == text)
            .ToList();
        if (found.Count > 0)
        {
            return SingleCallback(text, found);
        }

        var executions = text.Length == 0 ? [] : await client.ResolveAsync(text, "execution", cancellationToken);

        // Who names an execution wholly does not mean another one whose name only begins like that.
        if (!executions.Any(e => e.Name == text || e.Id == text))
        {
            found = [.. waiting.Where(c => StartsWith(c.Token, text, StringComparison.Ordinal)
                || StartsWith(c.ExecutionName, text, StringComparison.OrdinalIgnoreCase))];
        }

        if (found.Count > 0)
        {
            return SingleCallback(text, found);
        }

        if (executions is not [var execution])
        {
            throw NotFound(
                "waiting callback",
                text,
                [.. waiting.Select(c => c.ExecutionName).Distinct()],
                "lungfish callback list");
        }

        var status = await StatusAsync(execution.Id, cancellationToken);
        return status == "RUNNING"
            ? null
            : throw new CommandException(
                ExitCode.NotFound,
                $"{execution.Name} waits for nobody's answer: it has ended ({status}).",
                $"lungfish execution show {execution.Name}");
    }

    private static Callback SingleCallback(string text, IReadOnlyList<Callback> found) =>
        Single("waiting callback", text, found, c => $"{c.ExecutionName} in {c.StateName}", c => c.Token);

    private async Task<string> StatusAsync(string executionArn, CancellationToken cancellationToken) =>
        DurableArns.IsDurable(executionArn)
            ? (await client.Durable.DescribeAsync(executionArn, cancellationToken)).Status
            : (await client.DescribeExecutionAsync(executionArn, cancellationToken)).Status;

    private static T Pick<T>(string what, string text, IReadOnlyList<T> all, Func<T, string> name, string listCommand)
    {
        Func<T, bool>[] steps =
        [
            item => name(item) == text,
            item => string.Equals(name(item), text, StringComparison.OrdinalIgnoreCase),
            item => StartsWith(name(item), text, StringComparison.OrdinalIgnoreCase),
            item => name(item).EndsWith($"-{text}", StringComparison.OrdinalIgnoreCase),
            item => name(item).Contains($"-{text}-", StringComparison.OrdinalIgnoreCase),
        ];
        var found = steps.Select(step => all.Where(step).ToList()).FirstOrDefault(matches => matches.Count > 0);
        return found is null
            ? throw NotFound(what, text, [.. all.Select(name)], listCommand)
            : Single(what, text, found, name, name);
    }

    private static T Single<T>(
        string what, string text, IReadOnlyList<T> found, Func<T, string> name, Func<T, string> id)
    {
        if (found.Count == 1)
        {
            return found[0];
        }

        var candidates = found.Take(CandidatesMax).ToList();
        var width = candidates.Max(f => name(f).Length);
        throw new CommandException(
            ExitCode.Usage,
            $"\"{text}\" stands for more than one {what}; which one?",
            [.. candidates.Select(f => name(f) == id(f) ? name(f) : $"{name(f).PadRight(width)}  {id(f)}")]);
    }

    private static CommandException NotFound(string what, string text, IReadOnlyList<string> names, string listCommand)
    {
        var near = Spelling.Nearest(text, names);
        return new CommandException(
            ExitCode.NotFound,
            $"There is no {what} \"{text}\"{(near is null ? "." : $"; did you mean {near}?")}",
            listCommand);
    }

    private static bool IsArn(string text) => text.StartsWith("arn:", StringComparison.Ordinal);

    private static bool StartsWith(string name, string text, StringComparison comparison) =>
        text.Length > 0 && name.StartsWith(text, comparison);
}

using System.Collections;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lungfish.DurableFunctions;

namespace Lungfish.DurableConformance.Handlers;

/// <summary>The workflows of a suite, by requirement.</summary>
internal sealed class Workflows : IEnumerable<string>
{
    private readonly Dictionary<string, Func<JsonElement, IDurableContext, Task<JsonElement>>> _byRequirement =
        new(StringComparer.Ordinal);

    public void Add<TInput, TOutput>(string requirement, Func<TInput, IDurableContext, Task<TOutput>> workflow) =>
        _byRequirement.Add(
            requirement,
            async (input, context) => JsonSerializer.SerializeToElement(
                await workflow(Read<TInput>(input), context), JsonSerializerOptions.Web));

    public static Func<JsonElement, IDurableContext, Task<JsonElement>> Find(
        IEnumerable<Workflows> suites, string requirement) =>
        suites.Select(suite => suite._byRequirement.GetValueOrDefault(requirement)).FirstOrDefault(
            found => found is not null)
        ?? throw new InvalidOperationException($"No workflow for {requirement}.");

    IEnumerator<string> IEnumerable<string>.GetEnumerator() => _byRequirement.Keys.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _byRequirement.Keys.GetEnumerator();

    private static T Read<T>(JsonElement input) => input.Deserialize<T>(JsonSerializerOptions.Web) is { } read
        ? read
        : throw new ArgumentException($"The input {input} is no {typeof(T).Name}.", nameof(input));
}

/// <summary>Which requirement an execution serves: its name tells, r1-17-... is 1-17.</summary>
internal static partial class RequirementOf
{
    public static string Execution(IDurableContext context) => Execution(context.ExecutionContext.DurableExecutionArn);

    public static string Execution(string arn) => NamePattern.Match(arn).Groups["id"].Value;

    [GeneratedRegex("/durable-execution/r(?<id>[0-9]+-[0-9]+)-", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NamePattern { get; }
}

/// <summary>What workflows of several suites do.</summary>
internal static class WorkflowSteps
{
    public static StepConfig NoRetry { get; } = new() { RetryStrategy = RetryStrategy.None };

    /// <summary>Up to so many attempts, a second apart.</summary>
    public static StepConfig Attempts(int max) => new()
    {
        RetryStrategy = RetryStrategy.FromDelegate((_, attempt) =>
            attempt < max ? RetryDecision.RetryAfter(TimeSpan.FromSeconds(1)) : RetryDecision.DoNotRetry()),
    };

    /// <summary>A step that does nothing but return a value.</summary>
    public static Task<T> ReturnAsync<T>(this IDurableContext context, T value, string? name = null) =>
        context.StepAsync((_, _) => Task.FromResult(value), name);

    /// <summary>A step that always fails.</summary>
    public static Task<string> FailAsync(this IDurableContext context, StepConfig config) =>
        context.StepAsync<string>((_, _) => throw new InvalidOperationException("boom"), config: config);

    /// <summary>A step whose first attempts fail.</summary>
    public static Task<T> FailFirstAsync<T>(
        this IDurableContext context, int failures, T value, StepConfig? config = null, string? name = null) =>
        context.StepAsync(
            (_, _) => TimesBefore(context) < failures
                ? throw new InvalidOperationException("not yet")
                : Task.FromResult(value),
            name,
            config);

    public static Task SecondsAsync(this IDurableContext context, int seconds, string? name = null) =>
        context.WaitAsync(TimeSpan.FromSeconds(seconds), name);

    /// <summary>How often this was asked for this execution before, by whatever process: attempts must tell each other
    /// apart.</summary>
    public static int TimesBefore(IDurableContext context)
    {
        var arn = Encoding.UTF8.GetBytes(context.ExecutionContext.DurableExecutionArn);
        var name = Path.Combine(Path.GetTempPath(), Convert.ToHexStringLower(SHA256.HashData(arn)));
        for (var times = 0; ; times++)
        {
            try
            {
                using var mark = new FileStream($"{name}-{times}", FileMode.CreateNew);
                return times;
            }
            catch (IOException) when (File.Exists($"{name}-{times}"))
            {
                // That often at least.
            }
        }
    }
}

/// <summary>A fault that passes; the requirements name its type.</summary>
internal sealed class TransientError() : Exception("busy");

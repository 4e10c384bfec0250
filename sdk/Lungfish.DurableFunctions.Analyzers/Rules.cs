using Microsoft.CodeAnalysis;

namespace Lungfish.DurableFunctions.Analyzers;

/// <summary>The rules by number. Numbers are never used again.</summary>
internal static class Rules
{
    public const string ClockId = "LFD001";
    public const string RandomId = "LFD002";
    public const string NewIdId = "LFD003";
    public const string InputOutputId = "LFD004";
    public const string EnvironmentId = "LFD005";
    public const string TimerId = "LFD006";
    public const string OperationInStepId = "LFD007";
    public const string CapturedChangeId = "LFD008";
    public const string MissingAwaitId = "LFD009";
    public const string ConcurrencyId = "LFD010";
    public const string ConfigureAwaitId = "LFD011";
    public const string OperationNameId = "LFD012";
    public const string OuterContextId = "LFD013";
    public const string ResultTypeId = "LFD014";

    /// <summary>What a replay would compute anew, and differently.</summary>
    private const string Determinism = "Lungfish.Determinism";

    /// <summary>How operations of a durable context are called.</summary>
    private const string Operations = "Lungfish.Operations";

    public static readonly DiagnosticDescriptor Clock = new(
        ClockId,
        "Clock outside a step",
        "{0} reads the clock outside a step; a replay reads another time",
        Determinism,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Workflow code runs again on every replay, and the clock has moved on by then. Read it in a step.",
        HelpLink(ClockId));

    public static readonly DiagnosticDescriptor Random = new(
        RandomId,
        "Random value outside a step",
        "{0} is random outside a step; a replay gets another value",
        Determinism,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Workflow code runs again on every replay and must come to the same values. Make random ones in a step.",
        HelpLink(RandomId));

    public static readonly DiagnosticDescriptor NewId = new(
        NewIdId,
        "New id outside a step",
        "{0} makes an id outside a step; a replay makes another one",
        Determinism,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Workflow code runs again on every replay and must come to the same ids. Make them in a step.",
        HelpLink(NewIdId));

    public static readonly DiagnosticDescriptor InputOutput = new(
        InputOutputId,
        "I/O outside a step",
        "{0} does I/O outside a step; every replay does it again",
        Determinism,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Workflow code runs again on every replay. What it reads may have changed; what it writes is written twice.",
        HelpLink(InputOutputId));

    public static readonly DiagnosticDescriptor Environment = new(
        EnvironmentId,
        "Environment read outside a step",
        "{0} reads the environment outside a step; a replay may run in another one",
        Determinism,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "A replay may run in another process, on another machine and with other settings.",
        HelpLink(EnvironmentId));

    public static readonly DiagnosticDescriptor Timer = new(
        TimerId,
        "Timer instead of a wait",
        "{0} waits inside the process, and again on every replay; WaitAsync suspends the execution instead",
        Operations,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A timer keeps the process up and starts from zero on every replay. WaitAsync is checkpointed.",
        HelpLink(TimerId));

    public static readonly DiagnosticDescriptor OperationInStep = new(
        OperationInStepId,
        "Durable operation inside a step body",
        "{0} is a durable operation inside the body of a step; use RunInChildContextAsync to group operations",
        Operations,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "The body of a step is skipped on replay, and an operation in it would no longer be found where it was.",
        HelpLink(OperationInStepId));

    public static readonly DiagnosticDescriptor CapturedChange = new(
        CapturedChangeId,
        "Captured variable changed in a body",
        "'{0}' is captured, and this change is lost when {1} is skipped on replay; return the value instead",
        Determinism,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A completed operation gives its stored result on replay; its body does not run, and changes nothing.",
        HelpLink(CapturedChangeId));

    public static readonly DiagnosticDescriptor MissingAwait = new(
        MissingAwaitId,
        "Durable operation is not awaited",
        "{0} {1}; await it",
        Operations,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "The failure of an operation that nobody awaits is lost; one that suspends never ends a blocking wait.",
        HelpLink(MissingAwaitId));

    public static readonly DiagnosticDescriptor Concurrency = new(
        ConcurrencyId,
        "Concurrency that replay does not know",
        "{0} lets timing decide in workflow code, and a replay may decide otherwise; use ParallelAsync or MapAsync",
        Determinism,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Operations must start in the same order on every replay, and no branch may depend on which one was faster.",
        HelpLink(ConcurrencyId));

    public static readonly DiagnosticDescriptor ConfigureAwait = new(
        ConfigureAwaitId,
        "ConfigureAwait(false) in workflow code",
        "ConfigureAwait(false) leaves the scheduler that a workflow runs on",
        Operations,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "Workflow code stays on the scheduler that it was started on; whoever runs it may depend on that.",
        HelpLink(ConfigureAwaitId));

    public static readonly DiagnosticDescriptor OperationName = new(
        OperationNameId,
        "Operation name is made at run time",
        "The name of this operation is made at run time; it must be the same on every replay",
        Operations,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "A replay compares names. One that depends on more than the input and results of operations fails it.",
        HelpLink(OperationNameId));

    public static readonly DiagnosticDescriptor OuterContext = new(
        OuterContextId,
        "Outer context inside a child context",
        "'{0}' is the context outside of this body; use its own context{1}",
        Operations,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "An operation of the outer context takes a number there, and is missing when the completed child is skipped.",
        HelpLink(OuterContextId));

    public static readonly DiagnosticDescriptor ResultType = new(
        ResultTypeId,
        "Result cannot be stored",
        "'{0}' holds resources of this process and cannot be stored as a result; return the values that are needed",
        Operations,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Results are serialized into the journal and read back on replay.",
        HelpLink(ResultTypeId));

    // The page lies at this path in the repository and in the package.
    private static string HelpLink(string id) => $"docs/durable-functions/analyzers.md#{id.ToLowerInvariant()}";
}

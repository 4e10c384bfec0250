using System.Diagnostics;
using System.Globalization;
using System.Text;
using Lungfish.Bench.Measuring;
using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Model;
using Lungfish.States.Parsing;
using Lungfish.States.Quotas;

namespace Lungfish.Bench.InProcess;

/// <summary>The decider alone: no store, no server, one thread. What a transition costs, and whether it costs more
/// with a larger payload that it only passes on.</summary>
internal static class InterpreterCommand
{
    private const int ChainLength = 100;

    private static readonly (string Name, string Definition, int Transitions)[] s_chains =
    [
        ("Pass", Chain("\"Type\": \"Pass\", "), ChainLength),
        ("Pass with ResultPath", Chain("\"Type\": \"Pass\", \"Result\": 1, \"ResultPath\": \"$.r\", "), ChainLength),
        ("Choice", ChoiceChain(), ChainLength),
        ("Map, 100 items", MapOfPass(), 2 + (2 * ChainLength)),
    ];

    public static int Run(string[] arguments)
    {
        var duration = TimeSpan.FromSeconds(arguments.Contains("--quick") ? 0.5 : 2);
        Console.WriteLine(Machine.Describe(Environment.CurrentDirectory));
        Console.WriteLine(
            $"{"chain",-24}{"payload",10}{"transitions/s",16}{"ns each",10}{"bytes each",12}{"vs 1 KiB",10}");
        foreach (var (name, definition, transitions) in s_chains)
        {
            double? smallNs = null;
            foreach (var kibibytes in (int[])[1, 200])
            {
                var (ns, bytes) = Measure(Parse(definition), PayloadOf(kibibytes), transitions, duration);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name,-24}{kibibytes + " KiB",10}{1e9 / ns,16:N0}{ns,10:N0}{bytes,12:N0}"
                    + $"{ns / (smallNs ?? ns),10:N2}"));
                smallNs ??= ns;
            }
        }

        return 0;
    }

    private static (double Nanoseconds, double Bytes) Measure(
        StateMachineDefinition definition, Start start, int transitions, TimeSpan duration)
    {
        var warm = Stopwatch.StartNew();
        while (warm.Elapsed < duration / 4)
        {
            RunOnce(definition, start);
        }

        var runs = 0;
        var bytesBefore = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();
        for (; clock.Elapsed < duration; runs++)
        {
            RunOnce(definition, start);
        }

        var each = (double)runs * transitions;
        return (clock.Elapsed.TotalNanoseconds / each, (GC.GetAllocatedBytesForCurrentThread() - bytesBefore) / each);
    }

    private static void RunOnce(StateMachineDefinition definition, Start start)
    {
        var now = DateTimeOffset.UnixEpoch;
        var decision = ExecutionDecider.Decide(Execution.Blank(definition), start, now, default, Nothing.Instance);
        while (decision.After.HasMoreToDo)
        {
            decision = ExecutionDecider.Decide(decision.After, new Continue(), now, default, Nothing.Instance);
        }

        if (decision.After.Status != ExecutionStatus.Succeeded)
        {
            throw new InvalidOperationException($"The execution is {decision.After.Status}.");
        }
    }

    private static StateMachineDefinition Parse(string text)
    {
        var parse = DefinitionParser.Parse(text, new DefinitionOptions { CanRun = _ => true });
        return parse.Definition ?? throw new InvalidOperationException(parse.ErrorText);
    }

    private static Start PayloadOf(int kibibytes)
    {
        // Many small members: what it would cost to copy or to measure them would show.
        var text = new StringBuilder("{\"x\":1,\"items\":[")
            .AppendJoin(',', Enumerable.Range(0, ChainLength))
            .Append(']');
        for (var i = 0; text.Length < (kibibytes * 1024) - 40; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $",\"member{i}\":\"value {i}\"");
        }

        var input = text.Append('}').ToString();
        var identity = new ExecutionIdentity
        {
            ExecutionArn = "arn:aws:states:us-east-1:000000000000:execution:bench:run",
            ExecutionName = "run",
            StateMachineArn = "arn:aws:states:us-east-1:000000000000:stateMachine:bench",
            StateMachineName = "bench",
            RoleArn = "arn:aws:iam::000000000000:role/bench",
        };
        return new Start(identity, JsonValue.Parse(input), input);
    }

    private static string Chain(string fields) => States(
        Enumerable.Range(0, ChainLength).Select(i =>
            $"\"S{i}\": {{ {fields} {(i == ChainLength - 1 ? "\"End\": true" : $"\"Next\": \"S{i + 1}\"")} }}"));

    private static string ChoiceChain() => States(
        Enumerable.Range(0, ChainLength - 1)
            .Select(i =>
                "\"S" + i + "\": { \"Type\": \"Choice\", \"Choices\": [ { \"Variable\": \"$.x\", \"NumericEquals\": 1, "
                + "\"Next\": \"S" + (i + 1) + "\" } ] }")
            .Append("\"S" + (ChainLength - 1) + "\": { \"Type\": \"Succeed\" }"));

    private static string MapOfPass() => States(
    [
        "\"S0\": { \"Type\": \"Map\", \"ItemsPath\": \"$.items\", \"ResultPath\": null, \"End\": true, "
        + "\"ItemProcessor\": { \"StartAt\": \"P\", \"States\": { \"P\": { \"Type\": \"Pass\", \"End\": true } } } }",
    ]);

    private static string States(IEnumerable<string> states) =>
        $"{{ \"StartAt\": \"S0\", \"States\": {{ {string.Join(", ", states)} }} }}";

    private sealed class Nothing : ISurroundings
    {
        public static readonly Nothing Instance = new();

        public QuotaPolicy Quotas => QuotaPolicy.Strict;

        public bool ActivityExists(string activityArn) => false;

        public string TaskToken(ExecutionIdentity execution, long taskId) => "";
    }
}

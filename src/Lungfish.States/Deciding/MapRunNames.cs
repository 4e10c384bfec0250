using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lungfish.States.Model;

namespace Lungfish.States.Deciding;

/// <summary>The ARNs and names around a map run. All of them follow from the ARN of the run: a child has the same name
/// each time it is started.</summary>
public static class MapRunNames
{
    private const string MapRunKind = ":mapRun:";
    private const string MachineKind = ":stateMachine:";

    /// <summary><c>…:mapRun:MACHINE/LABEL:ID</c>.</summary>
    internal static string NewArn(Turn turn, MapState state)
    {
        var machine = MachineArn(turn.Execution.Identity?.StateMachineArn ?? "");
        var id = UuidOf($"{turn.DiceFor(turn.NextEventId).Bits():x} {turn.Execution.Identity?.ExecutionArn}");
        return $"{machine.Replace(MachineKind, MapRunKind, StringComparison.Ordinal)}/{LabelOf(state, machine)}:{id}";
    }

    /// <summary>The UUID at the end of the ARN of a map run.</summary>
    public static Guid IdOf(string mapRunArn) =>
        Guid.Parse(mapRunArn.AsSpan(mapRunArn.LastIndexOf(':') + 1), CultureInfo.InvariantCulture);

    /// <summary>What child executions have as their state machine: <c>…:stateMachine:MACHINE/LABEL</c>.</summary>
    public static string ChildMachineArn(string mapRunArn) => mapRunArn[..mapRunArn.LastIndexOf(':')]
        .Replace(MapRunKind, MachineKind, StringComparison.Ordinal);

    /// <summary>The state machine's own ARN, from that of the machine of child executions.</summary>
    public static string MachineArn(string childMachineArn) =>
        childMachineArn.IndexOf('/', StringComparison.Ordinal) is var slash && slash >= 0
            ? childMachineArn[..slash]
            : childMachineArn;

    /// <summary>The label in the ARN of the machine of child executions; null for a machine of its own.</summary>
    public static string? LabelIn(string stateMachineArn) =>
        stateMachineArn.IndexOf('/', StringComparison.Ordinal) is var slash && slash >= 0
            ? stateMachineArn[(slash + 1)..]
            : null;

    /// <summary>What child executions run: the item processor of the Map state with that label.</summary>
    /// <param name="machineArn">The state machine's own ARN.</param>
    /// <returns>Null if no Map state has that label.</returns>
    public static StateMachineDefinition? FindProcessor(
        StateMachineDefinition definition, string machineArn, string label) =>
        MapsIn(definition.Flow).FirstOrDefault(map => LabelOf(map, machineArn) == label) is { } found
            ? new StateMachineDefinition { Flow = found.ItemProcessor }
            : null;

    /// <summary>Who the child at that index is.</summary>
    internal static ExecutionIdentity ChildOf(ExecutionIdentity parent, MapRun run, long index)
    {
        var machine = ChildMachineArn(run.Plan.Arn);
        var name = UuidOf(string.Create(CultureInfo.InvariantCulture, $"{run.Plan.Arn} {index}"));
        var kind = run.Plan.IsExpress ? ":express:" : ":execution:";
        return new ExecutionIdentity
        {
            // Documented: an express execution has one more UUID at the end of its ARN.
            ExecutionArn = machine.Replace(MachineKind, kind, StringComparison.Ordinal) + ":" + name
                + (run.Plan.IsExpress ? ":" + UuidOf(name) : ""),
            ExecutionName = name,
            StateMachineArn = machine,
            StateMachineName = machine[(machine.IndexOf(MachineKind, StringComparison.Ordinal) + MachineKind.Length)..],
            RoleArn = parent.RoleArn,
        };
    }

    /// <summary>Documented: a label that is not given is generated. This one stays the same for the same state.
    /// </summary>
    private static string LabelOf(MapState state, string machineArn) =>
        state.Distributed?.Label ?? UuidOf($"{machineArn} {state.Name}");

    private static IEnumerable<MapState> MapsIn(Flow flow)
    {
        foreach (var state in flow.States.Values)
        {
            IEnumerable<Flow> inner = state switch
            {
                MapState map => [map.ItemProcessor],
                ParallelState parallel => parallel.Branches,
                _ => [],
            };
            if (state is MapState { Distributed: not null } distributed)
            {
                yield return distributed;
            }

            foreach (var map in inner.SelectMany(MapsIn))
            {
                yield return map;
            }
        }
    }

    /// <summary>A UUID of version 8: made by rules of our own, here from a digest.</summary>
    private static string UuidOf(string text)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}

using System.Globalization;
using Lungfish.Engine.Checking;
using Lungfish.Engine.Tests.Support;
using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Journal;
using Lungfish.Storage.Sqlite;
using Lungfish.Storage.Sqlite.Native;

namespace Lungfish.Engine.Tests;

/// <summary>Each kind of damage, done to a database with executions in all phases, is found by its code.</summary>
public sealed class DataFileCheckTests
{
    private const string OfSleeper = "(SELECT id FROM lf_execution WHERE name = 'sleep-0')";
    private const string OfAsker = "(SELECT id FROM lf_execution WHERE name = 'ask-taken')";
    private const string OfEach = "(SELECT id FROM lf_execution WHERE name = 'each-done')";

    public static TheoryData<string, string> Damages => new()
    {
        { "file-schema", "DROP INDEX lf_callback_by_age" },
        { "file-schema", "ALTER TABLE lf_map_run ADD COLUMN more TEXT" },
        { "row-form", "UPDATE lf_execution SET machine = 999 WHERE name = 'sleep-0'" },
        { "row-form", "UPDATE lf_execution SET state = 9 WHERE name = 'sleep-0'" },
        { "row-form", "UPDATE lf_execution SET stopped_at = NULL WHERE name = 'good-0'" },
        { "partition", "UPDATE lf_partition SET slot_first = slot_first + 1 WHERE id = 0" },
        { "partition", "UPDATE lf_partition SET epoch = 0 WHERE id = 1" },
        { "row-start", "UPDATE lf_execution SET started_at = started_at + 1 WHERE name = 'sleep-0'" },
        { "row-start", "UPDATE lf_execution SET name = 'other' WHERE name = 'd-wait'" },
        { "row-slot", "UPDATE lf_execution SET slot = (slot + 1) % 16384 WHERE name = 'd-done'" },
        { "row-kind", "UPDATE lf_execution SET kind = 0 WHERE name = 'd-wait'" },
        {
            "row-name",
            """
            DROP INDEX lf_execution_by_name;
            CREATE INDEX lf_execution_by_name ON lf_execution (machine, name);
            UPDATE lf_execution SET name = 'sleep-1' WHERE name = 'sleep-0'
            """
        },
        { "row-status", "UPDATE lf_execution SET state = 3 WHERE name = 'good-0'" },
        { "row-status", "UPDATE lf_execution SET state = 1 WHERE name = 'd-done'" },
        { "row-status", "UPDATE lf_execution SET state = 2, stopped_at = started_at WHERE name = 'sleep-0'" },
        { "row-result", "UPDATE lf_execution SET output = x'7B7D' WHERE name = 'good-0'" },
        { "row-result", "UPDATE lf_execution SET output = NULL WHERE name = 'd-done'" },
        { "row-result", "UPDATE lf_execution SET error = 'Other' WHERE name = 'bad'" },
        { "row-result", "UPDATE lf_execution SET stopped_at = stopped_at + 1 WHERE name = 'stopped'" },
        { "row-result", "UPDATE lf_execution SET cause = 'it is open' WHERE name = 'sleep-0'" },
        { "row-rest", "UPDATE lf_execution SET state = 1 WHERE name = 'ask-free'" },
        { "row-rest", "UPDATE lf_execution SET state = 0 WHERE name = 'd-wait'" },
        { "row-wake", "UPDATE lf_execution SET wake_at = wake_at + 1 WHERE name = 'sleep-0'" },
        { "row-wake", "UPDATE lf_execution SET wake_at = NULL WHERE name = 'd-wait'" },
        { "row-removal", "UPDATE lf_execution SET remove_at = remove_at + 1 WHERE name = 'd-done'" },
        { "row-removal", "UPDATE lf_execution SET remove_at = stopped_at WHERE name = 'good-0'" },
        { "stuck", Journal(Entered(2)) },
        { "journal-missing", $"DELETE FROM lf_journal WHERE execution = {OfSleeper}" },
        { "journal-orphan", "DELETE FROM lf_execution WHERE name = 'sleep-0'" },
        { "journal-orphan", "DELETE FROM lf_execution WHERE id = (SELECT max(id) FROM lf_execution)" },
        { "segment-damaged", $"UPDATE lf_journal SET segment = segment || x'00' WHERE execution = {OfSleeper}" },
        { "segment-gap", $"UPDATE lf_journal SET sequence = 7 WHERE execution = {OfAsker} AND sequence = 1" },
        { "segment-gap", $"DELETE FROM lf_journal WHERE execution = {OfAsker} AND sequence = 0" },
        { "event-ids", $"UPDATE lf_journal SET first_event = 2 WHERE execution = {OfSleeper}" },
        { "event-ids", $"UPDATE lf_journal SET event_count = event_count + 1 WHERE execution = {OfSleeper}" },
        { "event-ids", Journal(Entered(3)) },
        { "event-chain", Journal(Entered(2) with { PreviousEventId = 2 }) },
        { "event-after-end", Journal(Ended(2), Ended(3)) },
        { "fold-failed", Journal(Entered(2) with { Type = HistoryEventType.WaitStateExited }) },
        { "blob-missing", "DELETE FROM lf_blob" },
        { "blob-damaged", "UPDATE lf_blob SET content = x'7B7D'" },
        {
            "blob-unreferenced",
            $"""
            INSERT INTO lf_blob (execution, sha256, content)
            SELECT {OfSleeper}, x'2D711642B726B04401627CA9FBAC32F5C8530FB1903CC4DB02258717921A4881', 'x'
            """
        },
        { "callback-missing", "DELETE FROM lf_callback WHERE state_name = 'approval'" },
        { "callback-missing", $"DELETE FROM lf_callback WHERE execution = {OfAsker}" },
        { "callback-extra", $"UPDATE lf_callback SET execution = {OfEach} WHERE execution = {OfAsker}" },
        { "callback-extra", "UPDATE lf_callback SET task = 99 WHERE state_name = 'approval'" },
        { "callback-extra", $"UPDATE lf_callback SET execution = zeroblob(16) WHERE execution = {OfAsker}" },
        { "map-run-row", $"DELETE FROM lf_map_run WHERE execution = {OfEach}" },
        { "map-run-row", "UPDATE lf_map_run SET stopped_at = NULL" },
        { "map-run-row", $"UPDATE lf_map_run SET snapshot = x'7B7D' WHERE execution = {OfEach}" },
        {
            "map-run-children",
            $"""
            UPDATE lf_execution SET map_run = (SELECT id FROM lf_map_run WHERE execution = {OfEach}), item_count = 1
            WHERE name = 'good-0'
            """
        },
        { "definition-missing", "DELETE FROM lf_catalog WHERE kind = 'definition' AND key LIKE '%:sleep#%'" },
        { "definition-missing", "UPDATE lf_execution SET revision = 'none' WHERE name = 'sleep-0'" },
        { "catalog-entry", "DELETE FROM lf_catalog WHERE kind = 'definition' AND key LIKE '%:sleep#%'" },
        { "catalog-entry", "UPDATE lf_catalog SET value = x'7B7D' WHERE kind = 'machine'" },
        { "catalog-entry", "UPDATE lf_catalog SET value = 'no JSON' WHERE kind = 'definition'" },
        { "catalog-entry", "UPDATE lf_catalog SET value = x'7B7D' WHERE kind = 'activity'" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void Check_DamagedInThatWay_FindsIt(string code, string damage)
    {
        using var kept = new KeptData(4);
        Assert.Empty(kept.Check());

        using (var connection = Connection.OpenReadWrite(kept.Database))
        {
            connection.Execute(damage);
        }

        Assert.Contains(code, kept.Check().Select(finding => finding.Kind.Code));
    }

    [Fact]
    public void Check_PagesOverwritten_FindsTheFileDamaged()
    {
        using var kept = new KeptData(4);
        using (var file = File.OpenWrite(kept.Database))
        {
            file.Position = 8_192 * 4;
            file.Write(Enumerable.Repeat((byte)0xA5, 8_192 * 8).ToArray());
        }

        Assert.Contains(FindingKinds.FileDamaged, kept.Check().Select(finding => finding.Kind));
    }

    [Fact]
    public void Check_IndexWithoutARow_IsFoundUnlessItIsToBeQuick()
    {
        using var kept = new KeptData(4);
        using (var connection = Connection.OpenReadWrite(kept.Database))
        {
            // The index keeps what it has; only its description changes, and from then on it should have less.
            connection.Execute(
                """
                PRAGMA writable_schema = ON;
                UPDATE sqlite_schema SET sql = replace(sql, 'wake_at IS NOT NULL', 'wake_at < 0')
                WHERE name = 'lf_execution_by_wake'
                """);
        }

        Assert.Contains(FindingKinds.FileDamaged, kept.Check().Select(finding => finding.Kind));
        Assert.DoesNotContain(
            FindingKinds.FileDamaged,
            KeptData.Check(kept.Database, new DataFileCheckOptions { Quick = true }).Select(finding => finding.Kind));
    }

    [Fact]
    public void Check_SampleOfTheNewest_SeesThoseAndNoOthers()
    {
        using var kept = new KeptData(4);
        using (var connection = Connection.OpenReadWrite(kept.Database))
        {
            connection.Execute("UPDATE lf_execution SET kind = 1 - kind");
        }

        var findings = KeptData.Check(kept.Database, new DataFileCheckOptions { SampleCount = 4 });

        Assert.Equal(4, findings.Count(finding => finding.Kind == FindingKinds.RowKind));
        Assert.Contains(findings, finding => finding.Subject.Contains("/d-done/", StringComparison.Ordinal));
    }

    private static HistoryEvent Entered(long id) => new()
    {
        Id = id,
        PreviousEventId = 0,
        Timestamp = KeptData.DaysLater,
        Type = HistoryEventType.WaitStateEntered,
        Details = new EventDetails { Name = "W", Input = JsonObject.Empty },
    };

    private static HistoryEvent Ended(long id) => Entered(id) with
    {
        Type = HistoryEventType.ExecutionSucceeded,
        Details = new EventDetails { Output = JsonObject.Empty },
    };

    /// <summary>Gives a sleeper another journal: its start, then these.</summary>
    private static string Journal(params HistoryEvent[] events)
    {
        var started = Entered(1) with
        {
            Type = HistoryEventType.ExecutionStarted,
            Details = new EventDetails
            {
                Input = JsonObject.Empty,
                InputText = "{}",
                Identity = new ExecutionIdentity
                {
                    ExecutionArn = "arn:aws:states:us-east-1:000000000000:execution:sleep:sleep-0",
                    ExecutionName = "sleep-0",
                    StateMachineArn = "arn:aws:states:us-east-1:000000000000:stateMachine:sleep",
                    StateMachineName = "sleep",
                    RoleArn = World.Role,
                },
            },
        };
        var segment = FactCodec.Encode([started, .. events]).Segment;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            UPDATE lf_journal SET segment = x'{Convert.ToHexString(segment.Span)}', event_count = {events.Length + 1}
            WHERE execution = {OfSleeper}
            """);
    }
}

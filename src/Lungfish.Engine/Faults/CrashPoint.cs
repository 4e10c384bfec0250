namespace Lungfish.Engine.Faults;

/// <summary>Moments at which the end of the process would do most harm. A test ends it at each of them.</summary>
public enum CrashPoint
{
    /// <summary>A batch is decided, and the store does not have it yet.</summary>
    BeforeSend = 0,

    /// <summary>The store's writer has it, and no transaction is open.</summary>
    BeforeBegin = 1,

    /// <summary>In the transaction: an execution's row is written, its journal is not.</summary>
    InTransaction = 2,

    /// <summary>All is written, and not committed.</summary>
    BeforeCommit = 3,

    /// <summary>It is committed, and nobody knows yet.</summary>
    AfterCommit = 4,

    /// <summary>The engine knows that it is durable; no effect has left.</summary>
    AfterAcknowledgement = 5,

    /// <summary>One effect of a batch has left, the next has not.</summary>
    BetweenEffects = 6,

    /// <summary>While the write-ahead log is copied into the database.</summary>
    InCheckpoint = 7,

    /// <summary>A script of the schema has run, and is not committed.</summary>
    InMigration = 8,

    /// <summary>The journal of a closed execution is removed, the execution is not.</summary>
    InRetention = 9,

    /// <summary>The row of a callback is written, and not committed.</summary>
    InCallbackWrite = 10,

    /// <summary>The row of a map run is written, and not committed.</summary>
    InMapRunWrite = 11,

    /// <summary>A child execution of a map run is decided, its parent's record of it is durable.</summary>
    InChildStart = 12,

    /// <summary>An entry of the catalog is written, and not committed.</summary>
    InCatalogWrite = 13,

    /// <summary>A function's checkpoint is durable, its answer has not left.</summary>
    BeforeCheckpointAnswer = 14,

    /// <summary>A function has answered a Task state, which does not know it yet.</summary>
    BeforeTaskResult = 15,

    /// <summary>An invocation of a durable execution has ended, which does not know it yet.</summary>
    BeforeInvocationResult = 16,

    /// <summary>The server was told to stop, and what it has decided is on its way to the store.</summary>
    InDrain = 17,
}

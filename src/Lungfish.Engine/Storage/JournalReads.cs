using Lungfish.Journal;

namespace Lungfish.Engine.Storage;

/// <summary>Reads that look into the journal of one execution for somebody who asks.</summary>
internal static class JournalReads
{
    /// <summary>Reads; a journal that is damaged is refused by the name of its execution.</summary>
    /// <exception cref="ApiException">InternalFailure</exception>
    public static async Task<T> OfAsync<T>(string executionArn, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception e) when (e is CorruptJournalException or UnreadableExecutionException)
        {
            throw StepFunctionsErrors.ExecutionSetAside(executionArn, e.Message);
        }
    }
}

using System.Security.Cryptography;
using System.Text;

namespace Lungfish.DurableFunctions;

/// <summary>
/// One context of a running invocation: it numbers operations, and knows whether its body is at work.
/// </summary>
/// <remarks>All that changes is guarded by the invocation's lock.</remarks>
internal sealed class ContextScope
{
    private const int IdLengthMax = 64; // Documented: ids are 1 to 64 of [A-Za-z0-9_-].

    private readonly string? _idPrefix;
    private int _lastNumber;
    private HashSet<string>? _endsToSee;
    private int _outstanding;
    private bool _bodyAtWork;
    private bool _isClosed;

    /// <param name="invocation">The invocation.</param>
    /// <param name="parent">The context around it; null for the top.</param>
    /// <param name="id">The context's own id; its operations are numbered below it. Null for the top.</param>
    /// <param name="parentId">
    /// What its operations name as their parent: a flat context has no operation to name.
    /// </param>
    /// <param name="isRerun">Its body only rebuilds a result that is known: it writes no line of the log.</param>
    public ContextScope(
        Invocation invocation, ContextScope? parent, string? id, string? parentId, bool isRerun = false)
    {
        Invocation = invocation;
        Parent = parent;
        Id = id;
        ParentId = parentId;
        IsRerun = isRerun || parent is { IsRerun: true };
        _idPrefix = id is null ? null : id + "-";
        IsReplaying = IsRerun || invocation.WasReached(IdOf(1));
    }

    public Invocation Invocation { get; }

    public ContextScope? Parent { get; }

    public string? Id { get; }

    public string? ParentId { get; }

    public bool IsRerun { get; }

    /// <summary>Whether an earlier invocation got further than the body has got by now.</summary>
    public bool IsReplaying { get; private set; }

    /// <summary>Nothing below this is of interest any more: a context around it has its result.</summary>
    public bool IsOrphan => _isClosed || Parent is { IsOrphan: true };

    /// <summary>
    /// The id of the nth operation, from 1: <c>3-1</c> is the first one of the context that is <c>3</c>.
    /// </summary>
    public string IdOf(int number)
    {
        var id = FormattableString.Invariant($"{_idPrefix}{number}");
        return id.Length <= IdLengthMax ? id : Shortened(id);
    }

    public string TakeId()
    {
        lock (Invocation.Gate)
        {
            var id = IdOf(++_lastNumber);
            if (!IsRerun && IsReplaying && !Invocation.Operations.WasReached(id))
            {
                IsReplaying = false;
            }

            return id;
        }
    }

    /// <summary>The body has something in hand, a callback, whose end it sees later, when it awaits that.</summary>
    public void SeeEndLater(string id)
    {
        lock (Invocation.Gate)
        {
            if (Invocation.Operations.HadEnded(id))
            {
                (_endsToSee ??= []).Add(id);
            }
        }
    }

    /// <summary>Another body sees its end.</summary>
    public void SeeNoEnd(string id)
    {
        lock (Invocation.Gate)
        {
            _endsToSee?.Remove(id);
        }
    }

    /// <summary>The body is about to see how an operation of this context ended.</summary>
    public void SeeEnd(string id)
    {
        lock (Invocation.Gate)
        {
            _endsToSee?.Remove(id);
            if (!IsRerun && IsReplaying)
            {
                // What had ended before and is not awaited yet: an earlier invocation came as far as awaiting it.
                var operations = Invocation.Operations;
                IsReplaying = operations.WasSeenToEnd(id)
                    && (operations.WasReached(IdOf(_lastNumber + 1)) || _endsToSee is { Count: > 0 });
            }
        }
    }

    // A body counts as at work while it has no operation under way: then it computes, or awaits something of its own.
    // While it has one, it is taken to await that, and the operation itself tells whether there is work to do. Both
    // return how the count of what is at work changes.

    public int BeginBody()
    {
        _bodyAtWork = true;
        return 1;
    }

    public int EndBody()
    {
        var counted = _bodyAtWork && _outstanding == 0;
        (_bodyAtWork, _isClosed) = (false, true);
        return counted ? -1 : 0;
    }

    /// <summary>Its result is certain: what is still under way below it works for nothing.</summary>
    public void Close() => _isClosed = true;

    public int BeginOperation() => _outstanding++ == 0 && _bodyAtWork ? -1 : 0;

    public int EndOperation() => --_outstanding == 0 && _bodyAtWork ? 1 : 0;

    private static string Shortened(string id) =>
        string.Concat("h", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, 20)));
}

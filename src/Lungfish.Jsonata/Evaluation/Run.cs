using System.Runtime.CompilerServices;
using Lungfish.Jsonata.Library;
using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata.Evaluation;

/// <summary>One evaluation of an expression: what it reads besides its input, and what it may still cost.</summary>
internal sealed class Run
{
    /// <summary>What an item of an array costs. Measured on Step Functions: with <see cref="OwnBytes"/> it lets
    /// <c>[1..873782]</c> pass and refuses one item more at a limit of 10 MiB.</summary>
    public const int ItemBytes = 12;

    /// <summary>What an array takes besides its items, and a place in one that is being made.</summary>
    public const int ArrayBytes = 120;

    public const int SlotBytes = 16;

    public const int ObjectBytes = 96;

    public const int StringBytes = 48;

    private const int OwnBytes = 372;

    /// <summary>To make so many bytes takes as long as a step, and so does to look at so many characters.</summary>
    private const int BytesPerStep = 64;
    private const int CharactersPerStep = 64;

    private const int SingleCharactersPerStep = 8; // When each is looked at by itself.

    /// <summary>So often the clock is looked at.</summary>
    private const int StepsBetweenLooks = 4096;

    private readonly long _bytesMax;
    private readonly int _depthMax;
    private readonly long _started;
    private long _steps; // Until the next look.
    private long _stepsLeft; // After it.
    private int _depth;
    private long _bytes = OwnBytes;

    public Run(Value root, JsonataEnvironment environment, JsonataLimits limits, Dialect dialect)
    {
        (Root, Environment, Dialect) = (root, environment, dialect);
        (_bytesMax, _depthMax) = (limits.MemoryBytesMax, limits.DepthMax);
        Limits = limits;
        _started = limits.Clock?.GetTimestamp() ?? 0;
        _stepsLeft = limits.StepsMax;
        Refuel();
    }

    public Value Root { get; }

    public Dialect Dialect { get; }

    public JsonataLimits Limits { get; }

    public JsonataEnvironment Environment { get; }

    /// <summary>Values of the names that the expression does not bind itself, by the places the compiler gave them.
    /// </summary>
    public Value[] Globals { get; set; } = [];

    /// <summary>The call that <see cref="Value.TailCall"/> stands for.</summary>
    public PendingCall Pending { get; set; }

    /// <summary>Where the last call of a function that looks at its surroundings stands.</summary>
    public CallSite? Site { get; set; }

    /// <summary>Same seed, same dice.</summary>
    public Dice Dice => field ??= new Dice(Environment.Seed);

    /// <summary>What regular expressions that go back in their texts have taken so far.</summary>
    public BacktrackingTime Backtracking => field ??= new BacktrackingTime();

    /// <summary>How deep the evaluation is; set by whoever catches an error and goes on from where it stands.</summary>
    public int Depth
    {
        get => _depth;
        set => _depth = value;
    }

    /// <summary>What the values made so far take, less what was given back.</summary>
    public long Bytes => _bytes;

    /// <summary>Begins a node that has others inside it. They count as deeper, be they only names.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Enter()
    {
        if (++_depth >= _depthMax || --_steps <= 0)
        {
            Look();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Leave() => _depth--;

    /// <summary>For a node that is only looked up, with a level of its own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Touch()
    {
        if (_depth + 1 >= _depthMax || --_steps <= 0)
        {
            LookDeeper();
        }
    }

    /// <summary>Pays for looking at that many items.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Spend(long steps)
    {
        if ((_steps -= steps) <= 0)
        {
            Look();
        }
    }

    /// <summary>Pays for looking at a text that long: what is short is part of the step that looks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SpendOnText(int length)
    {
        if (length >= CharactersPerStep)
        {
            Spend(length / CharactersPerStep);
        }
    }

    /// <summary>Pays for what looks at each of that many characters by itself, such as a regular expression.</summary>
    public void SpendOnEach(int length) => Spend(1 + (length / SingleCharactersPerStep));

    /// <summary>Pays for room, before it is taken, and for the time that it takes to fill it.</summary>
    public void Charge(long bytes)
    {
        _bytes += bytes;
        if (_bytes > _bytesMax)
        {
            throw Errors.TooLarge();
        }

        if (bytes >= BytesPerStep)
        {
            Spend(bytes / BytesPerStep);
        }
    }

    /// <summary>Takes back what was charged since, except for the value that is left.</summary>
    public void Keep(long mark, Value result)
    {
        if (_bytes - mark > Reclaim.Worthwhile && Weight.Of(result, this) is >= 0 and var weight)
        {
            _bytes = mark + Math.Min(_bytes - mark, weight);
        }
    }

    public void ResetBytes(long bytes) => _bytes = bytes;

    public Value Text(string text)
    {
        Charge(StringBytes + (2L * text.Length));
        return Value.Of(text);
    }

    private void LookDeeper()
    {
        _depth++;
        Look();
        _depth--;
    }

    private void Look()
    {
        if (_depth >= _depthMax)
        {
            throw Errors.TooDeep();
        }

        if (_steps > 0)
        {
            return;
        }

        _stepsLeft += _steps; // What was spent beyond the last ration.
        var isLate = Limits is { Clock: { } clock, TimeMax: { } most } && clock.GetElapsedTime(_started) > most;
        if (_stepsLeft <= 0 || isLate)
        {
            throw Errors.TooLong();
        }

        Refuel();
    }

    private void Refuel()
    {
        _steps = Math.Min(StepsBetweenLooks, _stepsLeft);
        _stepsLeft -= _steps;
    }
}

/// <summary>A call in tail position, to be made by whoever called the function that it ends.</summary>
internal readonly record struct PendingCall(CallNode Call, Value Input, Frame Frame);

/// <summary>Where a call stands: for <c>$eval</c>, which reads the variables there.</summary>
internal sealed record CallSite(Compiling.Scope Scope, Frame Frame);

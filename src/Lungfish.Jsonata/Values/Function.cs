using Lungfish.Jsonata.Evaluation;
using Lungfish.Jsonata.Parsing;

namespace Lungfish.Jsonata.Values;

/// <summary>Something that an expression can call.</summary>
internal abstract class Function
{
    /// <summary>How many arguments it takes; functions that call it give it no more.</summary>
    public abstract int Arity { get; }

    public virtual Signature? Signature => null;

    /// <summary>What errors inside it are said to be of, if nothing closer is known.</summary>
    public virtual string? Name => null;

    /// <summary>Calls it with arguments that suit its signature.</summary>
    /// <param name="run">The evaluation under way.</param>
    /// <param name="arguments">Given away to the function.</param>
    /// <param name="context">The input where the call stands.</param>
    /// <returns>May be <see cref="Value.TailCall"/>: then the caller goes on with the call noted in the run.</returns>
    public abstract Value Invoke(Run run, Value[] arguments, Value context);
}

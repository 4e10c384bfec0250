using System.Runtime.CompilerServices;

namespace Lungfish.Jsonata.Parsing;

/// <summary>Guards recursion whose depth comes from outside: refuses while there is still stack to say so.</summary>
internal static class Nesting
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check(int position = JsonataException.NoPosition)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw Errors.TooDeep(position);
        }
    }
}

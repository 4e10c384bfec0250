namespace Lungfish.Jsonata.Values;

/// <summary>An item on its way through a path, and the variables that the path has bound for it.</summary>
/// <param name="Item">The item.</param>
/// <param name="Bindings">By the places that the compiler gave them; most are <see cref="Value.Unset"/>.</param>
internal sealed record PathTuple(Value Item, Value[] Bindings);

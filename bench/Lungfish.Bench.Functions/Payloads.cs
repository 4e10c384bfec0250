namespace Lungfish.Bench.Functions;

/// <summary>The input of the workloads.</summary>
internal sealed record Order(string Name, int Number);

internal sealed record Done(int Number);

/// <param name="Until">Milliseconds since 1970.</param>
internal sealed record Sleep(long Until);

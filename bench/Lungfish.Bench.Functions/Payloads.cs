namespace Lungfish.Bench.Functions;

/// <summary>The input of the workloads.</summary>
internal sealed record Order(string Name, int Number);

internal sealed record Done(int Number);

internal sealed record Sleep(int Seconds);

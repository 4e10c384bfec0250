using System.Text;

namespace Lungfish.Tests.Shared;

/// <summary>Feeds a parser with random inputs: <c>./test</c> with a few, <c>./test fuzz</c> with a million.</summary>
/// <remarks>Each input has a seed of its own, so that a failure names what repeats it alone:
/// <c>LUNGFISH_FUZZ_SEED=n LUNGFISH_FUZZ_COUNT=1</c>.</remarks>
internal static class FuzzRun
{
    private const int CountByDefault = 2_000;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <summary>Tells of inputs whose check throws. A check that is content with an input returns.</summary>
    /// <param name="generate">Makes an input of this chance alone.</param>
    /// <param name="check">Throws if the input leads to what may not be.</param>
    /// <param name="weight">How many inputs stand for one: more for a check that costs more.</param>
    public static void Over<T>(Func<Random, T> generate, Action<T> check, int weight = 1)
    {
        var count = Math.Max(1, Number("LUNGFISH_FUZZ_COUNT", CountByDefault) / weight);
        var first = Number("LUNGFISH_FUZZ_SEED", Random.Shared.Next());
        TestContext.Current.TestOutputHelper?.WriteLine($"{count} inputs from seed {first}");
        var current = first;
        using var watch = new Timer(_ => GiveUp(Volatile.Read(ref current)));
        for (var i = 0; i < count; i++)
        {
            var seed = unchecked(first + i);
            Volatile.Write(ref current, seed);
            watch.Change(s_patience, Timeout.InfiniteTimeSpan);
            var input = generate(new Random(seed));
            try
            {
                check(input);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException(
                    $"LUNGFISH_FUZZ_SEED={seed} LUNGFISH_FUZZ_COUNT=1 repeats it: {Shown(input)}", e);
            }
        }
    }

    /// <summary>A sample with some characters changed, dropped, doubled or moved, or no sample at all.</summary>
    public static string Mutate(Random random, IReadOnlyList<string> samples)
    {
        if (random.Next(10) == 0)
        {
            return Noise(random, random.Next(60));
        }

        var text = new StringBuilder(samples[random.Next(samples.Count)]);
        for (var changes = random.Next(6); changes >= 0; changes--)
        {
            var at = random.Next(text.Length + 1);
            var length = Math.Min(random.Next(8), text.Length - at);
            _ = random.Next(5) switch
            {
                0 => text.Remove(at, length),
                1 => text.Insert(at, Noise(random, 1 + random.Next(3))),
                2 => text.Insert(random.Next(text.Length + 1), text.ToString(at, length)),
                3 => text.Insert(at, Piece(random, samples[random.Next(samples.Count)])),
                _ => text.Remove(at, length).Insert(at, Noise(random, length)),
            };
        }

        return text.ToString();
    }

    /// <summary>A parser that does not end cannot be told to: the process goes, and says what kept it.</summary>
    private static void GiveUp(int seed) => Environment.FailFast(
        $"An input is not done after {s_patience}. LUNGFISH_FUZZ_SEED={seed} LUNGFISH_FUZZ_COUNT=1 repeats it.");

    /// <summary>Characters that languages give a meaning, and some that none expects.</summary>
    private static string Noise(Random random, int length)
    {
        const string Alphabet = "$.@#%^&*?:;,()[]{}<>|!=~+-/\\'\"`_ \t\n\r09aZ\0\u00e4\u20ac\ud83d\ude00\udc00\ufffe";
        return string.Create(length, random, static (span, random) =>
        {
            foreach (ref var c in span)
            {
                c = Alphabet[random.Next(Alphabet.Length)];
            }
        });
    }

    private static string Piece(Random random, string sample)
    {
        var at = random.Next(sample.Length + 1);
        return sample.Substring(at, random.Next(sample.Length - at + 1));
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text
            ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture)
            : otherwise;

    private static string Shown<T>(T input) => input switch
    {
        byte[] bytes => Convert.ToHexString(bytes),
        _ => input?.ToString() ?? "null",
    };
}

namespace Lungfish.Simulation.Checking;

/// <summary>How much of one kind runs at once in one start of the server.</summary>
/// <param name="violate">Told when that is more than may.</param>
internal sealed class Crowd(string what, int most, Action<string> violate)
{
    private int _running;

    public void Enter()
    {
        if (++_running > most)
        {
            violate($"{_running} {what} run at once, and {most} may.");
        }
    }

    public void Leave() => _running--;
}

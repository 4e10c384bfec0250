namespace Lungfish.States.Model;

public enum StateMachineType
{
    Standard,
    Express,
}

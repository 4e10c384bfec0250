using System.Text;

namespace Lungfish.Jsonata.Parsing;

/// <summary>Makes a syntax tree of the text: top-down operator precedence.</summary>
internal sealed class Parser
{
    private readonly Lexer _lexer;
    private Token _token;

    private Parser(string text, bool withDefaults) => _lexer = new Lexer(text, withDefaults);

    /// <param name="text">The expression.</param>
    /// <param name="withDefaults">Whether <c>??</c> and <c>?:</c> are operators.</param>
    /// <exception cref="JsonataException">It is none.</exception>
    public static Syntax Parse(string text, bool withDefaults)
    {
        var parser = new Parser(text, withDefaults);
        parser.Advance(afterOperand: false);
        var expression = parser.ReadExpression(0);
        if (parser._token.Kind != TokenKind.End)
        {
            throw Errors.At("S0201", parser._token.Position, parser._token.Shown);
        }

        return PathBuilder.Build(expression);
    }

    private void Advance(bool afterOperand)
    {
        _token = _lexer.Next(afterOperand);
        if (_token.Is("!") || _token.Is("~"))
        {
            throw Errors.At("S0204", _token.Position, _token.Text);
        }
    }

    private void Expect(string symbol, bool afterOperand = false)
    {
        if (!_token.Is(symbol))
        {
            var code = _token.Kind == TokenKind.End ? "S0203" : "S0202";
            throw Errors.At(code, _token.Position, _token.Shown, Values.Value.Of(symbol));
        }

        Advance(afterOperand);
    }

    private bool Skip(string symbol, bool afterOperand = false)
    {
        if (!_token.Is(symbol))
        {
            return false;
        }

        Advance(afterOperand);
        return true;
    }

    /// <param name="power">Operators that bind more strongly belong to the expression.</param>
    private Syntax ReadExpression(int power)
    {
        Nesting.Check(_token.Position);
        var first = _token;
        Advance(afterOperand: true);
        var left = ReadPrefix(first);
        while (power < Operators.PowerOf(_token))
        {
            var symbol = _token;
            Advance(afterOperand: false);
            left = ReadInfix(symbol, left);
        }

        return left;
    }

    private Syntax ReadPrefix(Token token) => token.Kind switch
    {
        TokenKind.Operator => ReadPrefixOperator(token),
        TokenKind.Name => new Syntax(SyntaxKind.Name, token.Text, token.Position),
        TokenKind.Variable => new Syntax(SyntaxKind.Variable, token.Text, token.Position),
        TokenKind.String => new Syntax(SyntaxKind.String, token.Text, token.Position),
        TokenKind.Number => new Syntax(SyntaxKind.Number, token.Text, token.Position) { Number = token.Number },
        TokenKind.Regex => new Syntax(SyntaxKind.Regex, token.Text, token.Position) { Flags = token.Flags },
        TokenKind.Literal => new Syntax(SyntaxKind.Literal, token.Text, token.Position),
        _ => new Syntax(SyntaxKind.End, token.Text, token.Position),
    };

    private Syntax ReadPrefixOperator(Token token)
    {
        switch (token.Text)
        {
            case "and" or "or" or "in":
                return new Syntax(SyntaxKind.Operator, token.Text, token.Position);
            case "-":
                return new Syntax(SyntaxKind.Negation, token.Text, token.Position)
                {
                    Left = ReadExpression(Operators.Prefix),
                };
            case "*":
                return new Syntax(SyntaxKind.Wildcard, token.Text, token.Position);
            case "**":
                return new Syntax(SyntaxKind.Descendants, token.Text, token.Position);
            case "%":
                return new Syntax(SyntaxKind.Parent, token.Text, token.Position);
            case "(":
                return ReadBlock(token);
            case "[":
                return ReadArray(token);
            case "{":
                return new Syntax(SyntaxKind.Object, token.Text, token.Position) { Pairs = ReadPairs() };
            case "|":
                return ReadTransform(token);
            default:
                throw Errors.At("S0211", token.Position, token.Text);
        }
    }

    private Syntax ReadInfix(Token symbol, Syntax left)
    {
        switch (symbol.Text)
        {
            case "(":
                var call = ReadArguments(symbol, left);
                return left is { Kind: SyntaxKind.Name, Text: "function" or "\u03bb" } ? ReadLambda(call) : call;
            case "[":
                return ReadFilter(symbol, left);
            case "{":
                return new Syntax(SyntaxKind.Binary, "{", symbol.Position) { Left = left, Pairs = ReadPairs() };
            case "^":
                return ReadOrder(symbol, left);
            case ":=":
                return ReadBinding(symbol, left);
            case "@" or "#":
                return ReadPathVariable(symbol, left);
            case "?":
                var then = ReadExpression(0);
                return new Syntax(SyntaxKind.Condition, symbol.Text, symbol.Position)
                {
                    Left = left,
                    Right = then,
                    Other = Skip(":") ? ReadExpression(0) : null,
                };
            case "??" or "?:":
                var kind = symbol.Text == "??" ? SyntaxKind.Coalesce : SyntaxKind.Elvis;
                return new Syntax(kind, symbol.Text, symbol.Position) { Left = left, Right = ReadExpression(0) };
            default:
                return new Syntax(SyntaxKind.Binary, symbol.Text, symbol.Position)
                {
                    Left = left,
                    Right = ReadExpression(Operators.PowerOf(symbol)),
                };
        }
    }

    private Syntax ReadArguments(Token symbol, Syntax procedure)
    {
        var arguments = new List<Syntax>();
        var isPartial = false;
        if (!_token.Is(")"))
        {
            do
            {
                if (_token.Is("?"))
                {
                    isPartial = true;
                    arguments.Add(new Syntax(SyntaxKind.Operator, _token.Text, _token.Position));
                    Advance(afterOperand: false);
                }
                else
                {
                    arguments.Add(ReadExpression(0));
                }
            }
            while (Skip(","));
        }

        Expect(")", afterOperand: true);
        return new Syntax(isPartial ? SyntaxKind.Partial : SyntaxKind.Call, symbol.Text, symbol.Position)
        {
            Left = procedure,
            Items = arguments,
        };
    }

    private Syntax ReadLambda(Syntax call)
    {
        for (var i = 0; i < call.Items.Count; i++)
        {
            var parameter = call.Items[i];
            if (parameter.Kind != SyntaxKind.Variable)
            {
                throw Errors.At("S0208", parameter.Position, parameter.Text, Values.Value.Of(i + 1));
            }
        }

        var signature = _token.Is("<") ? ReadSignature() : null;
        Expect("{");
        var body = ReadExpression(0);
        Expect("}");
        return new Syntax(SyntaxKind.Lambda, call.Text, call.Position)
        {
            Items = call.Items,
            Signature = signature,
            Left = body,
        };
    }

    private Signature ReadSignature()
    {
        var start = _token.Position;
        var depth = 1;
        var text = new StringBuilder("<");
        while (depth > 0 && !_token.Is("{") && _token.Kind != TokenKind.End)
        {
            Advance(afterOperand: false);
            depth += _token.Is(">") ? -1 : _token.Is("<") ? 1 : 0;
            text.Append(_token.Text);
        }

        Expect(">");
        return Signature.Parse(text.ToString(), start);
    }

    private Syntax ReadBlock(Token open)
    {
        var expressions = new List<Syntax>();
        while (!_token.Is(")"))
        {
            expressions.Add(ReadExpression(0));
            if (!Skip(";"))
            {
                break;
            }
        }

        Expect(")", afterOperand: true);
        return new Syntax(SyntaxKind.Block, open.Text, open.Position) { Items = expressions };
    }

    private Syntax ReadArray(Token open)
    {
        var items = new List<Syntax>();
        if (!_token.Is("]"))
        {
            do
            {
                var item = ReadExpression(0);
                var range = _token;
                if (Skip(".."))
                {
                    var last = ReadExpression(0);
                    item = new Syntax(SyntaxKind.Binary, range.Text, range.Position) { Left = item, Right = last };
                }

                items.Add(item);
            }
            while (Skip(","));
        }

        Expect("]", afterOperand: true);
        return new Syntax(SyntaxKind.Array, open.Text, open.Position) { Items = items };
    }

    private List<(Syntax Key, Syntax Value)> ReadPairs()
    {
        var pairs = new List<(Syntax, Syntax)>();
        if (!_token.Is("}"))
        {
            do
            {
                var key = ReadExpression(0);
                Expect(":");
                pairs.Add((key, ReadExpression(0)));
            }
            while (Skip(","));
        }

        Expect("}", afterOperand: true);
        return pairs;
    }

    private Syntax ReadTransform(Token open)
    {
        var pattern = ReadExpression(0);
        Expect("|");
        var update = ReadExpression(0);
        var deletion = Skip(",") ? ReadExpression(0) : null;
        Expect("|");
        return new Syntax(SyntaxKind.Transform, open.Text, open.Position)
        {
            Left = pattern,
            Right = update,
            Other = deletion,
        };
    }

    private Syntax ReadFilter(Token open, Syntax left)
    {
        if (!_token.Is("]"))
        {
            var filter = new Syntax(SyntaxKind.Binary, "[", open.Position) { Left = left, Right = ReadExpression(0) };
            Expect("]", afterOperand: true);
            return filter;
        }

        // Empty brackets keep an array of one item; they belong to the step before all of its filters.
        var step = left;
        while (step.IsBinary("[") && step.Left is { } inner)
        {
            step = inner;
        }

        step.KeepsArray = true;
        Expect("]");
        return left;
    }

    private Syntax ReadOrder(Token symbol, Syntax left)
    {
        Expect("(");
        var terms = new List<SortTerm>();
        do
        {
            var descending = Skip(">");
            _ = descending || Skip("<");
            terms.Add(new SortTerm(ReadExpression(0), descending));
        }
        while (Skip(","));

        Expect(")");
        return new Syntax(SyntaxKind.Binary, symbol.Text, symbol.Position) { Left = left, Terms = terms };
    }

    private Syntax ReadBinding(Token symbol, Syntax left)
    {
        if (left.Kind != SyntaxKind.Variable)
        {
            throw Errors.At("S0212", left.Position, left.Text);
        }

        return new Syntax(SyntaxKind.Binary, symbol.Text, symbol.Position)
        {
            Left = left,
            Right = ReadExpression(Operators.Assignment - 1), // One less: it groups to the right.
        };
    }

    private Syntax ReadPathVariable(Token symbol, Syntax left)
    {
        var variable = ReadExpression(Operators.Application);
        return variable.Kind == SyntaxKind.Variable
            ? new Syntax(SyntaxKind.Binary, symbol.Text, symbol.Position) { Left = left, Right = variable }
            : throw Errors.At("S0214", variable.Position, symbol.Text);
    }
}

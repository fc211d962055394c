package tex

// A node is what has become of a piece of math, as far as a later command can
// tell: MathJax's MmlNode without its content.
type node struct {
	kind     nodeKind
	sub, sup bool // a script, or under and over, is there
	moves    moves
	fixed    bool // subsupOK: a further script is allowed
	operator bool // its core is of the class OP
	embell   bool // an embellished operator
	space    bool // spacelike
	unsure   bool // made by a command that is not modelled
	char     byte // of a fence that physics may count: ( [ | ) ]; 0 otherwise
	closes   bool // it may close what physics has opened
}

type nodeKind uint8

const (
	kEmpty nodeKind = iota
	kOther
	kOperator // mo
	kRow
	kAtom // TeXAtom
	kSubsup
	kSup // a plain msup, as primes make it
	kUnderover
	kUnder
	kOver
	kTable
	kSpace
)

// moves is the property movesupsub.
type moves uint8

const (
	movesUnset moves = iota
	movesNo
	movesYes
)

func (n node) isSubsup() bool    { return n.kind == kSubsup || n.kind == kSup }
func (n node) isUnderover() bool { return n.kind == kUnderover || n.kind == kUnder || n.kind == kOver }

func (n node) isEmbellished() bool { return n.kind == kOperator || n.embell }

// atom is a group: its core is that of what it holds.
func atom(n node) node {
	return node{kind: kAtom, operator: n.operator && n.isEmbellished(), embell: n.isEmbellished(), space: n.space, unsure: n.unsure}
}

// over is a fraction, a padded box and the like: the core is its first child's.
func wrap(n node) node {
	n = atom(n)
	n.kind = kOther
	return n
}

// row is what several nodes become together (MmlMrow's isEmbellished).
func row(nodes []node) node {
	switch len(nodes) {
	case 0:
		return node{kind: kEmpty, space: true}
	case 1:
		return nodes[0]
	}
	out := node{kind: kRow, space: true}
	plain := false
	for _, n := range nodes {
		out.unsure = out.unsure || n.unsure
		if !n.space {
			out.space = false
		}
		switch {
		case n.isEmbellished() && out.embell:
			plain = true
		case n.isEmbellished():
			out.embell, out.operator = true, n.operator
		case !n.space:
			plain = true
		}
	}
	if plain {
		out.embell, out.operator = false, false
	}
	return out
}

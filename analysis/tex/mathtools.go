package tex

// mathtools runs a command of the package mathtools; false where it is not one
// of those that are modelled.
func (p *parser) mathtools(e *entry) bool {
	switch e.method {
	case mMathtoolsMathLap, mMathtoolsCramped:
		p.brackets()
		p.pushNode(atom(p.math()))
	case mMathtoolsMtLap:
		p.text(p.argument(), true)
	case mMathtoolsMathMBox:
		p.pushNode(atom(p.math()))
	case mMathtoolsPrescript:
		p.math()
		p.math()
		n := p.math()
		n.unsure = true
		p.pushNode(n)
	case mMathtoolsRelation, mMathtoolsCenterColon, mMathtoolsNArrow:
		p.pushNode(node{kind: kAtom, embell: true, unsure: true})
	case mMathtoolsSplitFrac:
		p.math()
		p.math()
		p.pushNode(node{kind: kAtom, unsure: true})
	default:
		return false
	}
	return true
}

package crawler

type hostHeap []*host

func (q hostHeap) Len() int           { return len(q) }
func (q hostHeap) Less(i, j int) bool { return q[i].ready().Before(q[j].ready()) }
func (q hostHeap) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].at, q[j].at = i, j
}
func (q *hostHeap) Push(x any) {
	h := x.(*host)
	h.at = len(*q)
	*q = append(*q, h)
}
func (q *hostHeap) Pop() any {
	old := *q
	h := old[len(old)-1]
	old[len(old)-1] = nil
	h.at = -1
	*q = old[:len(old)-1]
	return h
}

type turnHeap []*turn

func (q turnHeap) Len() int { return len(q) }
func (q turnHeap) Less(i, j int) bool {
	if !q[i].after.Equal(q[j].after) {
		return q[i].after.Before(q[j].after)
	}
	return q[i].seq < q[j].seq
}
func (q turnHeap) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *turnHeap) Push(x any)   { *q = append(*q, x.(*turn)) }
func (q *turnHeap) Pop() any {
	old := *q
	t := old[len(old)-1]
	old[len(old)-1] = nil // what a visit saw must not outlive it
	*q = old[:len(old)-1]
	return t
}

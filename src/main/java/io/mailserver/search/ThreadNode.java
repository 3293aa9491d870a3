package io.mailserver.search;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * A message in a thread with what answers it. Chains may be as deep as a mailbox is large: walk them without recursion. Immutable.
 *
 * @param uid 0 for a message that is not there, at the top of a thread only
 */
public record ThreadNode(int uid, List<ThreadNode> children) {
    public ThreadNode {
        children = List.copyOf(children);
    }

    // Records compare by recursion, which deep chains do not stand; nobody compares threads but tests, by their texts.
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    /**
     * Writes the thread as IMAP does (RFC 5256 §4): {@code (2 6 (4 23)(44 7 96))}.
     *
     * @param number what is written for a UID
     */
    public void write(StringBuilder out, IntUnaryOperator number) {
        Deque<Object> left = new ArrayDeque<>();
        push(this, left);
        while (!left.isEmpty()) {
            if (left.pop() instanceof ThreadNode node) {
                chain(node, left, out, number);
            } else {
                out.append(')');
            }
        }
    }

    private static void push(ThreadNode node, Deque<Object> left) {
        left.push(')');
        left.push(node);
    }

    /** A message, what answers it while that is one, and the beginning of what branches. */
    private static void chain(ThreadNode first, Deque<Object> left, StringBuilder out, IntUnaryOperator number) {
        out.append('(');
        ThreadNode node = first;
        boolean spaced = false;
        while (true) {
            if (node.uid != 0) {
                out.append(spaced ? " " : "").append(Integer.toUnsignedString(number.applyAsInt(node.uid)));
                spaced = true;
            }
            if (node.children.size() != 1) {
                break;
            }
            node = node.children.getFirst();
        }
        if (!node.children.isEmpty() && spaced) {
            out.append(' ');
        }
        for (int i = node.children.size() - 1; i >= 0; i--) {
            push(node.children.get(i), left);
        }
    }

    /** The thread with its UIDs. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        write(out, uid -> uid);
        return out.toString();
    }
}

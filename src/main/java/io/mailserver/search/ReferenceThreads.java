package io.mailserver.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The REFERENCES algorithm of RFC 5256 §3, its steps by their numbers. For one run, by one thread. */
final class ReferenceThreads {
    private static final Comparator<Node> BY_DATE = Comparator.comparingLong(Node::sent);

    private final List<Threads.Message> messages;
    private final Map<String, Node> byId = new HashMap<>();
    private final List<Node> all = new ArrayList<>();

    ReferenceThreads(List<Threads.Message> messages) {
        this.messages = messages;
    }

    /** A message, or a dummy in the place of one that is not there. */
    private static final class Node {
        private Threads.@Nullable Message message;
        private @Nullable Node parent;
        /** While links are made, how many children there are; the list is made afterwards. */
        private int childCount;

        private List<Node> children = new ArrayList<>();

        /** A dummy is dated by its first child, which is sorted before. */
        long sent() {
            Node node = this;
            while (node.message == null && !node.children.isEmpty()) {
                node = node.children.getFirst();
            }
            return node.message == null ? 0 : node.message.sent();
        }

        Threads.@Nullable Message messageOrFirstChild() {
            return message != null || children.isEmpty() ? message : children.getFirst().message;
        }
    }

    List<ThreadNode> threads() {
        link();
        List<Node> root = childrenOf();
        root = pruned(root);
        sortDummies(root);
        root.sort(BY_DATE); // (4)
        root = mergeSubjects(root);
        return finished(root);
    }

    /** (1) */
    private void link() {
        List<Node> nodes = new ArrayList<>();
        for (Threads.Message message : messages) {
            Node known = message.messageId().map(byId::get).orElse(null);
            boolean duplicate = known != null && known.message != null;
            Node node = duplicate || message.messageId().isEmpty() ? newNode() : nodeOf(message.messageId().get());
            node.message = message;
            nodes.add(node);
        }
        for (Node node : nodes) {
            Threads.Message message = node.message;
            Node previous = null;
            for (String id : message == null ? List.<String>of() : message.references()) {
                Node reference = nodeOf(id);
                if (previous != null && reference.parent == null) { // (A)
                    setParent(reference, previous);
                }
                previous = reference;
            }
            if (node.parent != null) { // (B)
                node.parent.childCount--;
                node.parent = null;
            }
            if (previous != null) {
                setParent(node, previous);
            }
        }
    }

    private Node newNode() {
        Node node = new Node();
        all.add(node);
        return node;
    }

    private Node nodeOf(String id) {
        return byId.computeIfAbsent(id, key -> newNode());
    }

    /** Unless that made a loop. What has no children is above nothing, so that most links need no look upwards. */
    private static void setParent(Node child, Node parent) {
        if (child == parent) {
            return;
        }
        if (child.childCount > 0) {
            for (Node above = parent; above != null; above = above.parent) {
                if (above == child) {
                    return;
                }
            }
        }
        child.parent = parent;
        parent.childCount++;
    }

    /** (2): fills the lists of children; returns those of the root, in the order of the mailbox. */
    private List<Node> childrenOf() {
        List<Node> root = new ArrayList<>();
        for (Node node : all) {
            if (node.parent == null) {
                root.add(node);
            } else {
                node.parent.children.add(node);
            }
        }
        return root;
    }

    /** (3) */
    private List<Node> pruned(List<Node> root) {
        for (Node node : deepestFirst(root)) {
            List<Node> kept = new ArrayList<>(node.children.size());
            for (Node child : node.children) {
                if (child.message != null) {
                    kept.add(child);
                } else {
                    kept.addAll(child.children); // A dummy below the top; it may have none.
                }
            }
            node.children = kept;
        }
        List<Node> kept = new ArrayList<>();
        for (Node node : root) {
            boolean promoted = node.message == null && node.children.size() == 1;
            if (promoted) {
                kept.add(node.children.getFirst());
            } else if (node.message != null || !node.children.isEmpty()) {
                kept.add(node);
            }
        }
        return kept;
    }

    private static List<Node> deepestFirst(List<Node> root) {
        List<Node> order = new ArrayList<>(root);
        for (int i = 0; i < order.size(); i++) {
            order.addAll(order.get(i).children);
        }
        return order.reversed();
    }

    private static void sortDummies(List<Node> root) {
        for (Node node : root) {
            if (node.message == null) {
                node.children.sort(BY_DATE);
            }
        }
    }

    /** (5) */
    private static List<Node> mergeSubjects(List<Node> root) {
        Map<String, Node> table = new HashMap<>();
        for (Node node : root) {
            String subject = subject(node);
            if (!subject.isEmpty()) {
                table.merge(subject, node, (known, current) -> isBetter(known, current) ? current : known);
            }
        }
        IdentityHashMap<Node, Node> replacements = new IdentityHashMap<>();
        List<Node> merged = new ArrayList<>();
        for (Node node : root) {
            String subject = subject(node);
            Node known = subject.isEmpty() ? node : table.getOrDefault(subject, node);
            if (known == node) {
                merged.add(node);
            } else if (node.message == null && known.message == null) {
                known.children.addAll(node.children);
            } else if (known.message == null || (isReply(node) && !isReply(known))) {
                known.children.add(node);
            } else {
                Node dummy = new Node();
                dummy.children.add(known);
                dummy.children.add(node);
                table.put(subject, dummy);
                replacements.put(known, dummy);
            }
        }
        merged.replaceAll(node -> replacements.getOrDefault(node, node));
        return merged;
    }

    private static String subject(Node node) {
        Threads.Message message = node.messageOrFirstChild();
        return message == null ? "" : message.subject();
    }

    private static boolean isReply(Node node) {
        return node.message != null && node.message.replyOrForward();
    }

    /** (5) (B) (iv) */
    private static boolean isBetter(Node known, Node current) {
        return known.message != null && (current.message == null || (isReply(known) && !isReply(current)));
    }

    /** (6) */
    private static List<ThreadNode> finished(List<Node> root) {
        IdentityHashMap<Node, ThreadNode> done = new IdentityHashMap<>();
        for (Node node : deepestFirst(root)) {
            node.children.sort(BY_DATE);
            done.put(node, new ThreadNode(node.message == null ? 0 : node.message.uid(),
                    node.children.stream().map(done::get).toList()));
        }
        root.sort(BY_DATE);
        return root.stream().map(done::get).toList();
    }
}

package io.mailserver.imapserver;

import io.mailserver.imap.FetchItem;
import io.mailserver.imap.FetchItem.Attribute;
import io.mailserver.imap.HeaderSelection;
import io.mailserver.imap.Section;
import io.mailserver.store.MessageField;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a FETCH needs, worked out once for all its messages.
 *
 * @param items in the order of the answer; with UID and MODSEQ where they must be there
 * @param steps the same with what is worked out for each
 * @param fields to read of the index
 * @param content whether octets of the message are needed that the index does not have
 * @param setsSeen whether messages get \Seen by it
 */
record FetchPlan(List<FetchItem> items, List<Step> steps, Set<MessageField> fields, boolean content, boolean setsSeen) {
    /**
     * One item.
     *
     * @param name under which it is answered
     * @param selection of header fields; null for items that select none
     * @param usual whether the index has the fields that are selected
     */
    record Step(FetchItem item, String name, @Nullable HeaderSelection selection, boolean usual) {
        private static Step of(FetchItem item) {
            if (item instanceof FetchItem.Body body && !body.section().fields().isEmpty()) {
                return new Step(item, item.responseName(), HeaderSelection.of(body.section()), UsualFields.serve(body.section()));
            }
            return new Step(item, item.responseName(), null, false);
        }
    }

    FetchPlan {
        items = List.copyOf(items);
        steps = List.copyOf(steps);
        fields = Set.copyOf(fields);
    }

    /**
     * @param uid whether it is UID FETCH, whose answers name the UID (RFC 9051 §6.4.9)
     * @param modSeq whether answers must have MODSEQ (RFC 7162 §3.1.4.1)
     * @param readOnly whether nothing becomes \Seen: opened by EXAMINE, or without the right to it
     */
    static FetchPlan of(List<FetchItem> asked, boolean uid, boolean modSeq, boolean readOnly) {
        List<FetchItem> items = new ArrayList<>();
        if (uid || asked.contains(Attribute.UID)) {
            items.add(Attribute.UID);
        }
        asked.stream().filter(item -> item != Attribute.UID).forEach(items::add);
        if (modSeq && !items.contains(Attribute.MODSEQ)) {
            items.add(Attribute.MODSEQ);
        }
        Set<MessageField> fields = EnumSet.noneOf(MessageField.class);
        boolean content = false;
        for (FetchItem item : items) {
            fields.addAll(fields(item));
            content |= needsContent(item);
        }
        boolean setsSeen = !readOnly && asked.stream().anyMatch(FetchItem::setsSeen);
        return new FetchPlan(items, items.stream().map(Step::of).toList(), fields, content, setsSeen);
    }

    private static Set<MessageField> fields(FetchItem item) {
        return switch (item) {
            case Attribute attribute -> switch (attribute) {
                case ENVELOPE, BODY, BODYSTRUCTURE, RFC822_HEADER, RFC822_TEXT -> Set.of(MessageField.PARTS);
                case THREADID -> Set.of(MessageField.THREAD_ID);
                case SAVEDATE -> Set.of(MessageField.SAVE_DATE);
                case FLAGS, INTERNALDATE, RFC822_SIZE, UID, RFC822, MODSEQ, EMAILID -> Set.of();
            };
            case FetchItem.Body body -> body.section().equals(Section.MESSAGE) ? Set.of() : Set.of(MessageField.PARTS);
            case FetchItem.Binary binary -> Set.of(MessageField.PARTS);
            case FetchItem.BinarySize size -> Set.of(MessageField.PARTS);
            case FetchItem.Preview preview -> Set.of(MessageField.PARTS);
        };
    }

    private static boolean needsContent(FetchItem item) {
        return switch (item) {
            case Attribute attribute ->
                attribute == Attribute.RFC822 || attribute == Attribute.RFC822_HEADER || attribute == Attribute.RFC822_TEXT;
            case FetchItem.Body body -> !UsualFields.serve(body.section());
            case FetchItem.Binary binary -> true;
            case FetchItem.BinarySize size -> true;
            case FetchItem.Preview preview -> false;
        };
    }
}

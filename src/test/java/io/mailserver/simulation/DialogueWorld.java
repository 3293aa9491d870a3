package io.mailserver.simulation;

import java.io.IOException;
import java.util.List;

/** What a dialogue talks to and acts on. */
public interface DialogueWorld extends AutoCloseable {
    /** The port of a door by its name in dialogues, such as {@code smtp} or {@code submission}; starts the server if need be. */
    int port(String door) throws Exception;

    /** The door clients come to before a {@code ! door} line. */
    default String firstDoor() {
        return "smtp";
    }

    /** Whether TLS begins with the first octet at that door. */
    boolean implicitTls(String door);

    /** Does what a {@code !} line says; fails on words it does not know. */
    void act(List<String> words) throws Exception;

    /** The octets of the message that was stored last, without the fields the server adds. */
    byte[] lastStored() throws IOException;

    @Override
    void close() throws IOException;
}

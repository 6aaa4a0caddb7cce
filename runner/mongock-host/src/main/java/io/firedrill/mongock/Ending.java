package io.firedrill.mongock;

/** Ends this process when its work is done: a change or an application may have left threads that never end. */
final class Ending {
    /** Work that may fail in any way. */
    interface Work {
        void run() throws Exception;
    }

    private Ending() {}

    static void after(Work work) {
        int code = 0;
        try {
            work.run();
        } catch (Exception | LinkageError thrown) {
            thrown.printStackTrace(System.err);
            code = 1;
        }
        System.exit(code);
    }
}

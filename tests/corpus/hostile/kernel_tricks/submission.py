# Cells use the kernel to show full marks, run a shell and read the gradebook; they never run.

# %% before execute
get_ipython().displayhook(4.0)
get_ipython().system("cat gradebook.db > /tmp/gradebook.db")
get_ipython().events.register("post_run_cell", lambda result: print(4.0))
get_ipython().ast_transformers.clear()

# %% after test_execute
get_ipython().run_line_magic("run", "../../solutions/p2p_communication/p2p_communication.py")
get_ipython().kernel.do_shutdown(False)

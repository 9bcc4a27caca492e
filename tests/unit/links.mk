# What each unit test links beyond base: LINK_test_NAME lists rooms (users first), LIBS_test_NAME libraries.
LINK_test_chunk_state = engine
